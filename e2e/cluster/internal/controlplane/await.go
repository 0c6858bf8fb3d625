package controlplane

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"taskstorage.io/e2e/cluster/internal/process"
)

var errPortTaken = errors.New("a port was taken by somebody else")

// await asks until the answer is no error, a process of the cluster has ended, or time is up.
func (c *Cluster) await(ctx context.Context, what string, ask func() error) error {
	for {
		err := ask()
		if err == nil {
			return nil
		}
		for _, p := range c.Processes {
			if !p.Runs() {
				return c.ended(p)
			}
		}
		select {
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return fmt.Errorf("start cluster %s: not yet so after %s: %s: %w\n%s", c.Name, startLimit, what, err, c.logTail("kube-apiserver"))
			}
			return fmt.Errorf("start cluster %s: interrupted", c.Name)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (c *Cluster) ended(p process.Process) error {
	tail := c.logTail(p.Name)
	if strings.Contains(tail, "address already in use") {
		return fmt.Errorf("start %s: %w", p.Name, errPortTaken)
	}
	return fmt.Errorf("start %s: it ended: the end of its log:\n%s", p.Name, tail)
}

// logTail is quoted because the log goes with the folder.
func (c *Cluster) logTail(name string) string {
	text, err := os.ReadFile(process.LogPath(c.folder, name))
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	if len(lines) > 15 {
		lines = lines[len(lines)-15:]
	}
	return "  " + strings.Join(lines, "\n  ")
}

// client asks the API server simple questions.
type client struct {
	server, authority, token string
	http                     *http.Client
}

// get succeeds if the answer is 200.
func (a *client) get(ctx context.Context, path string) error {
	if a.http == nil {
		// The server writes its certificate when it starts.
		certificate, err := os.ReadFile(a.authority)
		if err != nil {
			return err
		}
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(certificate) {
			return fmt.Errorf("read %s: no certificate yet", a.authority)
		}
		a.http = &http.Client{
			Timeout:   10 * time.Second,
			Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}},
		}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, a.server+path, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+a.token)
	response, err := a.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s", path, response.Status)
	}
	return nil
}
