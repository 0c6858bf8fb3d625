package node

import (
	_ "embed"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"taskstorage.io/e2e/cluster/internal/controlplane"
	"taskstorage.io/e2e/cluster/internal/image"
)

//go:embed guest.sh
var guest string

// The destination of a default route.
var everywhere = netip.PrefixFrom(netip.IPv4Unspecified(), 0)

// Where the machine has its share.
const inside = "/run/guest"

// writeFiles fills the share for a boot. Images that were loaded stay, to be imported again.
func (n Node) writeFiles() error {
	for _, folder := range []string{n.Logs(), n.images(), filepath.Join(n.Share(), "cni")} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return fmt.Errorf("make folder of %s: %w", n.Name(), err)
		}
	}
	if err := n.forgetAnswers(); err != nil {
		return err
	}
	files, err := n.files()
	if err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(n.Share(), name), []byte(text), 0o600); err != nil {
			return fmt.Errorf("write files of %s: %w", n.Name(), err)
		}
	}
	err = image.WritePause(filepath.Join(n.Machines.Runtime, "pause"), n.archive("pause"))
	if err != nil {
		return fmt.Errorf("make image of %s: %w", n.Name(), err)
	}
	return os.RemoveAll(filepath.Join(n.Share(), "ready"))
}

// files are texts by their names in the share.
func (n Node) files() (map[string]string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	start, err := os.ReadFile(filepath.Join(n.Kernels, "guest-start"))
	if err != nil {
		return nil, fmt.Errorf("read first script of %s: %w", n.Name(), err)
	}
	token, err := os.ReadFile(controlplane.NodeToken(n.Cluster, n.Name()))
	if err != nil {
		return nil, fmt.Errorf("read token of %s: %w", n.Name(), err)
	}
	files := map[string]string{
		"start": string(start), "command": guest, "settings": n.settings(self),
		"kubeconfig": controlplane.Kubeconfig(
			n.Cluster, "https://10.96.0.1:443", inside+"/server.crt", "token: "+string(token)),
		"containerd.toml":      n.containerd(),
		"kubelet.yaml":         n.kubelet(),
		"cni/10-node.conflist": n.network(),
	}
	for name, path := range map[string]string{
		"server.crt": controlplane.Certificate(n.Cluster),
		"client.crt": controlplane.ClientCertificate(n.Cluster),
	} {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read certificate for %s: %w", n.Name(), err)
		}
		files[name] = string(text)
	}
	return files, nil
}

func (n Node) settings(self string) string {
	var text strings.Builder
	for _, pair := range [][2]string{
		{"NODE", n.Name()}, {"ADDRESS", guestAddress}, {"HOST", hostAddress},
		{"API_PORT", fmt.Sprint(n.APIPort)}, {"RELAY", self},
		{"RUNTIME", n.Machines.Runtime}, {"KUBELET", n.Machines.Kubelet},
	} {
		fmt.Fprintf(&text, "%s='%s'\n", pair[0], strings.ReplaceAll(pair[1], "'", `'\''`))
	}
	return text.String()
}

// Plugins of NRI are given more than the usual 2 s to answer: they too are emulated.
func (n Node) containerd() string {
	return fmt.Sprintf(`version = 3

[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = '%[1]s'

[plugins.'io.containerd.cri.v1.runtime']
  disable_apparmor = true

[plugins.'io.containerd.cri.v1.runtime'.cni]
  bin_dirs = ['%[2]s']
  conf_dir = '%[3]s/cni'

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
  runtime_type = 'io.containerd.runc.v2'

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
  BinaryName = '%[2]s/runc'
  SystemdCgroup = false

[plugins.'io.containerd.nri.v1.nri']
  disable = false
  socket_path = '/var/run/nri/nri.sock'
  plugin_registration_timeout = '2m'
  plugin_request_timeout = '1m'
`, image.Pause, n.Machines.Runtime, inside)
}

// Loaded images stay, whatever their number: there is no registry to get them from again.
func (n Node) kubelet() string {
	return fmt.Sprintf(`apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: false}
  x509: {clientCAFile: %[1]s/client.crt}
authorization: {mode: AlwaysAllow}
port: %[2]d
cgroupDriver: cgroupfs
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
runtimeRequestTimeout: 10m
failSwapOn: false
makeIPTablesUtilChains: false
resolvConf: ""
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
evictionHard: {memory.available: 64Mi, nodefs.available: 1%%, imagefs.available: 1%%}
`, inside, n.Port)
}

// Pods of a node reach each other, the node and the API server; nothing else.
func (n Node) network() string {
	return fmt.Sprintf(`{
  "cniVersion": "1.0.0",
  "name": "node",
  "plugins": [{
    "type": "ptp",
    "ipam": {
      "type": "host-local",
      "ranges": [[{"subnet": "10.244.%d.0/24"}]],
      "routes": [{"dst": "%s"}],
      "dataDir": "/run/cni"
    }
  }]
}
`, n.Number, everywhere)
}
