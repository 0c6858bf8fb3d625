package controlplane

import (
	"fmt"
	"strconv"

	"taskstorage.io/e2e/cluster/internal/state"
)

// Servers names the programs that run, in the order of their start.
func Servers(managed bool) []string {
	servers := []string{"etcd", "kube-apiserver"}
	if managed {
		servers = append(servers, "kube-controller-manager", "kube-scheduler")
	}
	return servers
}

func loopback(scheme string, port int) string {
	return fmt.Sprintf("%s://127.0.0.1:%d", scheme, port)
}

// The data is thrown away with the cluster: syncing it to the disk would only cost time.
func (p Plane) etcd() server {
	client, peer := loopback("http", p.Ports.EtcdClient), loopback("http", p.Ports.EtcdPeer)
	return server{name: "etcd", ready: p.etcdReady, args: []string{
		"--name=default",
		"--data-dir=" + p.Cluster.File("etcd"),
		"--unsafe-no-fsync",
		"--listen-client-urls=" + client,
		"--advertise-client-urls=" + client,
		"--listen-peer-urls=" + peer,
		"--initial-advertise-peer-urls=" + peer,
		"--initial-cluster=default=" + peer,
		"--log-level=warn",
	}}
}

// The API server makes its own certificate, for the loopback address and the service's.
func (p Plane) apiServer(f files) server {
	args := []string{
		"--etcd-servers=" + loopback("http", p.Ports.EtcdClient),
		"--bind-address=127.0.0.1",
		"--secure-port=" + strconv.Itoa(p.Ports.API),
		"--cert-dir=" + p.Cluster.File("certs"),
		"--service-cluster-ip-range=10.96.0.0/16",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + f.serviceAccountKey,
		"--service-account-signing-key-file=" + f.serviceAccountKey,
		"--token-auth-file=" + f.tokens,
		"--authorization-mode=Node,RBAC",
		"--enable-admission-plugins=NodeRestriction",
		"--allow-privileged",
		"--kubelet-preferred-address-types=Hostname",
	}
	if !p.Managed {
		// Nobody makes the accounts without which this plugin lets no pod in.
		args = append(args, "--disable-admission-plugins=ServiceAccount")
	}
	return server{name: "kube-apiserver", ready: p.apiReady, args: args}
}

// One of each runs: there is nobody to elect a leader among.
func (p Plane) controllerManager(f files) server {
	return server{name: "kube-controller-manager", ready: p.serviceAccountsReady, args: append(
		p.client("kube-controller-manager", p.Ports.ControllerManager),
		"--service-account-private-key-file="+f.serviceAccountKey,
		"--root-ca-file="+p.certificate(),
		"--use-service-account-credentials",
	)}
}

func (p Plane) scheduler() server {
	const name = "kube-scheduler"
	return server{
		name:  name,
		args:  p.client(name, p.Ports.Scheduler),
		ready: p.healthy(name, p.Ports.Scheduler),
	}
}

func (p Plane) client(name string, port int) []string {
	return []string{
		"--kubeconfig=" + p.Cluster.Kubeconfig(),
		"--bind-address=127.0.0.1",
		"--secure-port=" + strconv.Itoa(port),
		"--cert-dir=" + p.Cluster.File("certs"),
		"--leader-elect=false",
	}
}

func (p Plane) certificate() string { return Certificate(p.Cluster) }

// Certificate is the file with the certificate of the API server and of its authority.
func Certificate(c state.Cluster) string { return c.File("certs", "apiserver.crt") }
