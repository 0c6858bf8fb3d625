package operator

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"taskstorage.io/e2e/cluster/internal/api"
	"taskstorage.io/e2e/cluster/internal/controlplane"
)

// How long a token is asked to be valid. It is renewed at half of what it got.
const tokenLife = time.Hour

// claims are what a token says of itself: see RFC 7519 and Kubernetes' bound tokens.
type claims struct {
	IssuedAt   int64 `json:"iat"`
	Expires    int64 `json:"exp"`
	Kubernetes struct {
		Pod struct {
			UID string `json:"uid"`
		} `json:"pod"`
	} `json:"kubernetes.io"`
}

// read takes the claims out of a token, whose signature is the API server's business.
func read(token string) (claims, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return claims{}, errors.New("read token: not three parts")
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return claims{}, fmt.Errorf("read token: %w", err)
	}
	var c claims
	if err := json.Unmarshal(text, &c); err != nil {
		return claims{}, fmt.Errorf("read token: %w", err)
	}
	return c, nil
}

// isDue tells whether a token must be replaced: unreadable, another pod's, or past half of its life.
func isDue(token string, podUID string, now time.Time) bool {
	c, err := read(token)
	return err != nil || c.Kubernetes.Pod.UID != podUID || now.Unix() >= (c.IssuedAt+c.Expires)/2
}

// renew writes a token and the kubeconfig that names its file, if they are due.
func (o Operator) renew(ctx context.Context, who identity) error {
	kubeconfig := controlplane.Kubeconfig(o.Cluster, o.Client.Server,
		controlplane.Certificate(o.Cluster), "tokenFile: "+strconv.Quote(who.token()))
	if there, _ := os.ReadFile(who.kubeconfig()); string(there) != kubeconfig {
		if err := write(who.kubeconfig(), kubeconfig); err != nil {
			return err
		}
	}
	there, _ := os.ReadFile(who.token())
	if !isDue(string(there), who.pod.Metadata.UID, time.Now()) {
		return nil
	}
	spec := api.Object{"expirationSeconds": int(tokenLife.Seconds())}
	if who.pod.Metadata.UID != "" {
		spec["boundObjectRef"] = api.Object{
			"apiVersion": "v1", "kind": "Pod",
			"name": who.pod.Metadata.Name, "uid": who.pod.Metadata.UID,
		}
	}
	var answer struct {
		Status struct {
			Token string `json:"token"`
		} `json:"status"`
	}
	path := "/api/v1/namespaces/" + Namespace + "/serviceaccounts/" + who.account + "/token"
	request := api.Object{
		"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec,
	}
	if err := o.Client.Create(ctx, path, request, &answer); err != nil {
		return err
	}
	return write(who.token(), answer.Status.Token)
}
