package controlplane

import (
	"path/filepath"
	"strconv"
)

// server is one program of the control plane and how it is started.
type server struct {
	name string
	args []string
}

func etcdServer(folder string, p ports) server {
	client := "http://127.0.0.1:" + strconv.Itoa(p.etcdClient)
	peer := "http://127.0.0.1:" + strconv.Itoa(p.etcdPeer)
	return server{"etcd", []string{
		"--data-dir", filepath.Join(folder, "etcd"),
		// The data is worth nothing once the cluster is down.
		"--unsafe-no-fsync",
		"--listen-client-urls", client, "--advertise-client-urls", client,
		"--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
		"--initial-cluster", "default=" + peer,
	}}
}

// apiServer makes its own certificate in the folder certs.
func apiServer(folder string, p ports, hasControllers bool) server {
	key := filepath.Join(folder, "service-accounts.key")
	args := []string{
		"--etcd-servers", "http://127.0.0.1:" + strconv.Itoa(p.etcdClient),
		"--secure-port", strconv.Itoa(p.apiServer), "--bind-address", "127.0.0.1",
		"--cert-dir", filepath.Join(folder, "certs"),
		"--service-account-issuer", "https://kubernetes.default.svc",
		"--service-account-key-file", key, "--service-account-signing-key-file", key,
		"--authorization-mode", "Node,RBAC", "--enable-admission-plugins", "NodeRestriction",
		"--token-auth-file", filepath.Join(folder, "tokens.csv"),
		"--service-cluster-ip-range", "10.96.0.0/16", "--allow-privileged",
		"--kubelet-preferred-address-types", "Hostname",
	}
	if !hasControllers {
		// Nobody makes the account without which this plugin lets no pod in.
		args = append(args, "--disable-admission-plugins", "ServiceAccount")
	}
	return server{"kube-apiserver", args}
}

func controllerManager(folder string, p ports) server {
	return server{"kube-controller-manager", []string{
		"--kubeconfig", kubeconfig(folder),
		"--service-account-private-key-file", filepath.Join(folder, "service-accounts.key"),
		"--root-ca-file", authority(folder),
		"--use-service-account-credentials", "--leader-elect=false",
		"--bind-address", "127.0.0.1", "--secure-port", strconv.Itoa(p.controllerManager),
	}}
}

func scheduler(folder string, p ports) server {
	return server{"kube-scheduler", []string{
		"--kubeconfig", kubeconfig(folder), "--leader-elect=false",
		"--bind-address", "127.0.0.1", "--secure-port", strconv.Itoa(p.scheduler),
	}}
}

func kubeconfig(folder string) string { return filepath.Join(folder, "kubeconfig") }

func authority(folder string) string { return filepath.Join(folder, "certs", "apiserver.crt") }
