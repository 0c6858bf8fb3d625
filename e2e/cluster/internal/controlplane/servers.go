package controlplane

import (
	"fmt"
	"strconv"
	"strings"

	"taskstorage.io/e2e/cluster/internal/server"
	"taskstorage.io/e2e/cluster/internal/state"
)

// Names of the servers that can be stopped and started alone.
const (
	APIServer = "kube-apiserver"
	Store     = "etcd"
)

// Servers names the programs that run, in the order of their start.
func Servers(managed bool) []string {
	servers := []string{Store, APIServer}
	if managed {
		servers = append(servers, "kube-controller-manager", "kube-scheduler")
	}
	return servers
}

func loopback(scheme string, port int) string {
	return fmt.Sprintf("%s://127.0.0.1:%d", scheme, port)
}

// The data is thrown away with the cluster: syncing it to the disk would only cost time.
func (p Plane) etcd() server.Server {
	client, peer := loopback("http", p.Ports.EtcdClient), loopback("http", p.Ports.EtcdPeer)
	return server.Server{Name: Store, Path: p.program(Store), Ready: p.etcdReady, Args: []string{
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
func (p Plane) apiServer() server.Server {
	args := []string{
		"--etcd-servers=" + loopback("http", p.Ports.EtcdClient),
		"--bind-address=127.0.0.1",
		"--secure-port=" + strconv.Itoa(p.Ports.API),
		"--cert-dir=" + p.Cluster.File("certs"),
		"--service-cluster-ip-range=10.96.0.0/16",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + p.serviceAccountKey(),
		"--service-account-signing-key-file=" + p.serviceAccountKey(),
		"--token-auth-file=" + p.tokens(),
		"--authorization-mode=Node,RBAC",
		"--enable-admission-plugins=NodeRestriction",
		"--allow-privileged",
		"--kubelet-preferred-address-types=ExternalIP,Hostname",
		"--kubelet-client-certificate=" + ClientCertificate(p.Cluster),
		"--kubelet-client-key=" + p.clientKey(),
	}
	var disabled []string
	if !p.Managed {
		// Nobody makes the accounts without which this plugin lets no pod in.
		disabled = append(disabled, "ServiceAccount")
	}
	if p.Nodeless {
		// Nobody would take the taint from a node that has become ready.
		disabled = append(disabled, "TaintNodesByCondition")
	}
	if len(disabled) > 0 {
		args = append(args, "--disable-admission-plugins="+strings.Join(disabled, ","))
	}
	return server.Server{
		Name: APIServer, Path: p.program(APIServer), Ready: p.apiReady, Args: args,
	}
}

// One of each runs: there is nobody to elect a leader among.
func (p Plane) controllerManager() server.Server {
	const name = "kube-controller-manager"
	args := append(p.client(name, p.Ports.ControllerManager),
		"--service-account-private-key-file="+p.serviceAccountKey(),
		"--root-ca-file="+p.certificate(),
		"--use-service-account-credentials",
	)
	if len(p.Nodes) > 0 {
		// An emulated node may be late by more than the usual 50 s.
		args = append(args, "--node-monitor-grace-period=2m")
	}
	if p.Nodeless {
		args = append(args, "--controllers=*,-node-lifecycle-controller,-taint-eviction-controller")
	}
	return server.Server{
		Name: name, Path: p.program(name), Args: args, Ready: p.serviceAccountsReady,
	}
}

func (p Plane) scheduler() server.Server {
	const name = "kube-scheduler"
	return server.Server{
		Name: name, Path: p.program(name), Args: p.client(name, p.Ports.Scheduler),
		Ready: p.healthy(name, p.Ports.Scheduler),
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
