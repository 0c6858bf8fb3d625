package controlplane

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

// etcd serves as soon as it takes connections; whether it is well the API server says.
func (p Plane) etcdReady(ctx context.Context) error {
	var dialer net.Dialer
	connection, err := dialer.DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", p.Ports.EtcdClient))
	if err != nil {
		return err
	}
	return connection.Close()
}

func (p Plane) apiReady(ctx context.Context) error {
	return p.get(ctx, p.certificate(), p.Ports.API, "/readyz")
}

// The controller manager has begun its work once pods could be made in the default namespace.
func (p Plane) serviceAccountsReady(ctx context.Context) error {
	return p.get(ctx, p.certificate(), p.Ports.API,
		"/api/v1/namespaces/default/serviceaccounts/default")
}

func (p Plane) healthy(name string, port int) func(context.Context) error {
	return func(ctx context.Context) error {
		return p.get(ctx, p.Cluster.File("certs", name+".crt"), port, "/healthz")
	}
}

// get succeeds if the server that has this certificate answers 200.
func (p Plane) get(ctx context.Context, certificate string, port int, path string) error {
	client, err := trusting(certificate)
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	token, err := os.ReadFile(p.Cluster.File("admin.token"))
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(
		ctx, http.MethodGet, loopback("https", port)+path, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+string(token))
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(answer.Body, 2_000))
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", answer.Status, strings.TrimSpace(string(text)))
	}
	return nil
}

func trusting(certificate string) (*http.Client, error) {
	text, err := os.ReadFile(certificate)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s has no certificate yet", certificate)
	}
	return &http.Client{
		Timeout:   10 * time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}},
	}, nil
}
