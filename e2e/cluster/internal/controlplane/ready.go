package controlplane

import (
	"context"
	"fmt"
	"net"

	"taskstorage.io/e2e/cluster/internal/api"
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
	client := p.Client()
	client.Server, client.Certificate = loopback("https", port), certificate
	return client.Get(ctx, path, nil)
}

// Client asks the API server as its administrator.
func (p Plane) Client() api.Client {
	return api.Client{
		Server: loopback("https", p.Ports.API), Certificate: p.certificate(),
		TokenFile: p.Cluster.File("admin.token"), Manager: "cluster",
	}
}
