package node

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"taskstorage.io/e2e/cluster/internal/api"
	"taskstorage.io/e2e/cluster/internal/controlplane"
	"taskstorage.io/e2e/cluster/internal/image"
	"taskstorage.io/e2e/cluster/internal/state"
)

const kernels = "../../../kernels"

// node is one whose programs are files with a word, and whose API server says what a function does.
func node(t *testing.T, handler http.HandlerFunc) Node {
	t.Helper()
	cluster, err := state.Root(t.TempDir()).Cluster("x")
	if err != nil {
		t.Fatal(err)
	}
	fake := httptest.NewTLSServer(handler)
	t.Cleanup(fake.Close)
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: fake.Certificate().Raw})
	runtime := t.TempDir()
	for file, text := range map[string]string{
		controlplane.Certificate(cluster):         string(certificate),
		controlplane.ClientCertificate(cluster):   "the client's",
		controlplane.NodeToken(cluster, "node-2"): "secret of 2",
		cluster.File("admin.token"):               "secret",
		filepath.Join(runtime, "pause"):           "pause",
	} {
		err := os.MkdirAll(filepath.Dir(file), 0o700)
		if err == nil {
			err = os.WriteFile(file, []byte(text), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return Node{
		Node: state.Node{Number: 2, Port: 20002}, Cluster: cluster, Kernels: kernels, APIPort: 20001,
		Machines: state.Machines{Kernel: "6.12", Boot: "/boot", Kubelet: "/k", Runtime: runtime},
		Client: api.Client{
			Server: fake.URL, Certificate: controlplane.Certificate(cluster),
			TokenFile: cluster.File("admin.token"), Manager: "test",
		},
	}
}

func nobody(w http.ResponseWriter, _ *http.Request) { http.NotFound(w, nil) }

func TestMemoryIsCounted(t *testing.T) {
	meminfo := "MemTotal:       24646596 kB\nMemAvailable:    7340032 kB\n"
	if err := fits(2, meminfo); err != nil {
		t.Error(err)
	}
	want := "10 GiB of memory are needed, 7.0 GiB are available: give fewer nodes, or end what takes memory"
	if err := fits(3, meminfo); err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func TestKernelsAreThoseOfTheOtherMachines(t *testing.T) {
	all, err := Kernels(kernels)
	if err != nil || !slices.Equal(all, []string{"5.10", "6.1", "6.12", "7"}) {
		t.Errorf("%v, %v", all, err)
	}
	if err := CheckKernel(kernels, "6.2"); !errors.Is(err, ErrNoKernel) {
		t.Error(err)
	}
	_, err = Fetch(context.Background(), kernels, "6.2")
	if err == nil || !strings.HasPrefix(err.Error(), "fetch kernel 6.2: exit status 1:\nfetch kernel 6.2: not in ") {
		t.Errorf("got %v", err)
	}
}

func TestEmulatorIsWhatItsScriptPrints(t *testing.T) {
	folder := t.TempDir()
	for script, want := range map[string]string{
		"echo reading >&2; echo /some/qemu":             "/some/qemu, <nil>",
		"echo none: install one >&2; echo half; exit 1": ", find emulator: exit status 1:\nnone: install one",
	} {
		text := []byte("#!/bin/sh\n" + script + "\n")
		if err := os.WriteFile(filepath.Join(folder, "emulator"), text, 0o700); err != nil {
			t.Fatal(err)
		}
		found, err := Emulator(context.Background(), folder)
		if got := fmt.Sprintf("%s, %v", found, err); got != want {
			t.Errorf("%s: %s", script, got)
		}
	}
}

func TestMachineCanWriteToItsTwoFoldersAlone(t *testing.T) {
	n := node(t, nobody)
	var shares []string
	arguments := n.arguments()
	for i, word := range arguments {
		if word == "-virtfs" {
			shares = append(shares, arguments[i+1])
		}
	}
	want := []string{
		"local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap",
		"local,path=" + n.Cluster.Folder + "/nodes/node-2,mount_tag=guest,security_model=none",
		"local,path=" + n.Cluster.Folder + "/logs/node-2,mount_tag=logs,security_model=none",
	}
	if !slices.Equal(shares, want) {
		t.Errorf("got %q", shares)
	}
	line := strings.Join(arguments, " ")
	for _, want := range []string{"hostfwd=tcp:127.0.0.1:20002-:20002 ", "lsm=landlock,yama,bpf ", "-kernel /boot/vmlinuz "} {
		if !strings.Contains(line, want) {
			t.Errorf("no %q in %s", want, line)
		}
	}
}

func TestShareHasWhatTheMachineNeeds(t *testing.T) {
	n := node(t, nobody)
	if err := n.writeFiles(); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"start":                `sh "$share/command"`,
		"settings":             "NODE='node-2'\nADDRESS='10.0.2.15'\nHOST='10.0.2.2'\nAPI_PORT='20001'\nRELAY='",
		"command":              `. "$share/settings"`,
		"kubeconfig":           "server: https://10.96.0.1:443\n      certificate-authority: \"/run/guest/server.crt\"\n",
		"client.crt":           "the client's",
		"kubelet.yaml":         "port: 20002\ncgroupDriver: cgroupfs\n",
		"containerd.toml":      "plugin_request_timeout = '1m'\n",
		"cni/10-node.conflist": `"subnet": "10.244.2.0/24"`,
	} {
		text, err := os.ReadFile(filepath.Join(n.Share(), name))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: %v: no %q in\n%s", name, err, want, text)
		}
	}
	if text, _ := os.ReadFile(filepath.Join(n.Share(), "kubeconfig")); !strings.Contains(string(text), "token: secret of 2\n") {
		t.Errorf("%s", text)
	}
	pause, err := image.Read(n.archive("pause"))
	if err != nil || pause.Names[0] != image.Pause {
		t.Errorf("%v, %v", pause, err)
	}
	var network map[string]any
	if err := json.Unmarshal([]byte(n.network()), &network); err != nil {
		t.Error(err)
	}
}

func TestAnotherBootImportsEverythingAgainAndHasToProveItself(t *testing.T) {
	n := node(t, nobody)
	if err := n.writeFiles(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"images/a.tar", "images/a.tar.code", "ready"} {
		if err := os.WriteFile(filepath.Join(n.Share(), name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := n.writeFiles(); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"images/a.tar": true, "images/a.tar.code": false, "ready": false} {
		if _, err := os.Stat(filepath.Join(n.Share(), name)); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNodeIsRegisteredWithTheAddressThatIsForwarded(t *testing.T) {
	var mutex sync.Mutex
	asked := map[string]api.Object{}
	n := node(t, func(w http.ResponseWriter, r *http.Request) {
		mutex.Lock()
		defer mutex.Unlock()
		body := api.Object{}
		_ = json.NewDecoder(r.Body).Decode(&body)
		asked[r.Method+" "+r.URL.Path] = body
		_, _ = w.Write([]byte(`{"status": {"nodeInfo": {"bootID": "b"}}}`))
	})

	before, err := n.register(context.Background())

	if err != nil || before != "b" {
		t.Errorf("%s, %v", before, err)
	}
	text, _ := json.Marshal(asked["PATCH /api/v1/nodes/node-2/status"]["status"])
	want := `{"addresses":[{"address":"node-2","type":"Hostname"},{"address":"10.0.2.15","type":"InternalIP"},` +
		`{"address":"127.0.0.1","type":"ExternalIP"}]}`
	if string(text) != want || asked["PATCH /api/v1/nodes/node-2"] == nil {
		t.Errorf("asked %v", asked)
	}
}

func TestNodeIsReadyOnceThisBootSaysSo(t *testing.T) {
	answer := ""
	n := node(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(answer)) })
	const ready = `"conditions": [{"type": "MemoryPressure", "status": "False"}, {"type": "Ready", "status": "`
	for _, c := range []struct{ status, want string }{
		{`{}`, "its kubelet has not reported yet"},
		{`{"nodeInfo": {"bootID": "old"}, ` + ready + `True"}]}`, "its kubelet has not reported yet"},
		{`{"nodeInfo": {"bootID": "new"}}`, "its kubelet has not said whether it is ready"},
		{`{"nodeInfo": {"bootID": "new"}, ` + ready + `False", "message": "no network"}]}`, "no network"},
		{`{"nodeInfo": {"bootID": "new"}, ` + ready + `True"}]}`, ""},
	} {
		answer = `{"status": ` + c.status + `}`
		err := n.readySince(context.Background(), "old")
		if (err == nil) != (c.want == "") || err != nil && err.Error() != c.want {
			t.Errorf("%s: %v", c.status, err)
		}
	}
}

func TestImageIsKeptForTheNextBootUnlessRefused(t *testing.T) {
	n := node(t, nobody)
	if err := n.writeFiles(); err != nil {
		t.Fatal(err)
	}
	archive, err := image.Read(n.archive("pause"))
	if err != nil {
		t.Fatal(err)
	}
	file := n.archive(archive.Key())
	err = n.Load(context.Background(), archive)
	if want := "load " + archive.File + ": node-2 ended meanwhile"; err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	if err := n.answered(archive, file, "0"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(file+saidEnding, []byte("ctr: wrong\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	err = n.answered(archive, file, "1")
	if want := "load " + archive.File + ": containerd of node-2 refuses it: ctr: wrong"; err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
