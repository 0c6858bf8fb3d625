package controlplane

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"taskstorage.io/e2e/cluster/internal/process"
	"taskstorage.io/e2e/cluster/internal/server"
	"taskstorage.io/e2e/cluster/internal/state"
)

const stays = "#!/bin/sh\nexec sleep 1000\n"

// plane has scripts for programs.
func plane(t *testing.T, scripts map[string]string) Plane {
	t.Helper()
	cluster, err := state.Root(t.TempDir()).Cluster("x")
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	for name, script := range scripts {
		if err := os.WriteFile(filepath.Join(bin, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return Plane{Cluster: cluster, Bin: bin, Ports: state.Ports{API: 1, EtcdClient: 2, EtcdPeer: 3}}
}

func left(t *testing.T, p Plane) {
	t.Helper()
	if found, err := process.Find(p.Cluster.Folder); err != nil || len(found) != 0 {
		t.Errorf("left %v, %v", found, err)
	}
}

func TestServerThatEndsIsToldWithItsLog(t *testing.T) {
	p := plane(t, map[string]string{
		"etcd":           "#!/bin/sh\nseq 20\necho 'database is locked'\nexit 3\n",
		"kube-apiserver": stays,
	})

	err := p.Start(context.Background())

	log := p.Cluster.File("logs", "etcd.log")
	want := "start etcd: exit status 3: see the end of " + log + ":\n  10\n  11\n"
	if err == nil || !strings.HasPrefix(err.Error(), want) ||
		!strings.HasSuffix(err.Error(), "\n  20\n  database is locked") || errors.Is(err, server.ErrPortTaken) {
		t.Errorf("got %v", err)
	}
	left(t, p)
}

func TestTakenPortIsRecognised(t *testing.T) {
	p := plane(t, map[string]string{
		"etcd":           stays,
		"kube-apiserver": "#!/bin/sh\necho 'listen tcp: bind: address already in use'\nexit 1\n",
	})
	if err := p.Start(context.Background()); !errors.Is(err, server.ErrPortTaken) {
		t.Errorf("got %v", err)
	}
	left(t, p)
}

func TestMissingProgramIsNamed(t *testing.T) {
	p := plane(t, map[string]string{"etcd": stays})
	err := p.Start(context.Background())
	if err == nil || !strings.HasPrefix(err.Error(), "start kube-apiserver: fork/exec ") {
		t.Errorf("got %v", err)
	}
	left(t, p)
}

func TestInterruptedStartLeavesNothing(t *testing.T) {
	p := plane(t, map[string]string{"etcd": stays, "kube-apiserver": stays})
	ctx, interrupt := context.WithCancel(context.Background())
	interrupt()
	if err := p.Start(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	left(t, p)
}

func TestKeysAndTokensAreTheOwnersAlone(t *testing.T) {
	p := plane(t, nil)
	if err := p.writeFiles(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"service-account.key", "tokens.csv", "admin.token", "kubeconfig"} {
		info, err := os.Stat(p.Cluster.File(name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	token, _ := os.ReadFile(p.Cluster.File("admin.token"))
	tokens, _ := os.ReadFile(p.Cluster.File("tokens.csv"))
	kubeconfig, _ := os.ReadFile(p.Cluster.Kubeconfig())
	if string(tokens) != string(token)+",admin,admin,\"system:masters\"\n" || len(token) < 20 ||
		!strings.Contains(string(kubeconfig), "token: "+string(token)+"\n") ||
		!strings.Contains(string(kubeconfig), "server: https://127.0.0.1:1\n") {
		t.Errorf("%s\n%s\n%s", token, tokens, kubeconfig)
	}
}

func TestEachNodeHasATokenAndKubeletsKnowTheServer(t *testing.T) {
	p := plane(t, nil)
	p.Managed, p.Nodes = true, []string{"node-1", "node-2"}
	if err := p.writeFiles(); err != nil {
		t.Fatal(err)
	}
	tokens, _ := os.ReadFile(p.tokens())
	for _, name := range p.Nodes {
		token, err := os.ReadFile(NodeToken(p.Cluster, name))
		line := string(token) + ",system:node:" + name + "," + name + ",\"system:nodes\"\n"
		if err != nil || len(token) < 20 || !strings.Contains(string(tokens), "\n"+line) {
			t.Errorf("%s: %v: %s is not in %s", name, err, line, tokens)
		}
	}
	pair, err := tls.LoadX509KeyPair(ClientCertificate(p.Cluster), p.clientKey())
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(pair.Leaf)
	_, err = pair.Leaf.Verify(x509.VerifyOptions{
		Roots: roots, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	if err != nil {
		t.Error(err)
	}
	info, err := os.Stat(p.clientKey())
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if line := strings.Join(p.controllerManager().Args, " "); !strings.Contains(line,
		"--node-monitor-grace-period=2m") || strings.Contains(line, "-node-lifecycle-controller") {
		t.Errorf("controller manager: %s", line)
	}
}

func TestEveryServerListensOnTheLoopbackAlone(t *testing.T) {
	p := plane(t, nil)
	for _, s := range []server.Server{p.etcd(), p.apiServer(), p.controllerManager(), p.scheduler()} {
		line := strings.Join(s.Args, " ")
		if !strings.Contains(line, "--bind-address=127.0.0.1") &&
			!strings.Contains(line, "--listen-client-urls=http://127.0.0.1:2 ") {
			t.Errorf("%s: %s", s.Name, line)
		}
	}
	if line := strings.Join(p.apiServer().Args, " "); !strings.Contains(line,
		"--disable-admission-plugins=ServiceAccount") {
		t.Errorf("without a controller manager: %s", line)
	}
}

func TestNobodyDoubtsNodesThatNoKubeletKeeps(t *testing.T) {
	p := plane(t, nil)
	p.Managed, p.Nodeless = true, true
	for _, want := range []string{
		"--disable-admission-plugins=TaintNodesByCondition",
		"--controllers=*,-node-lifecycle-controller,-taint-eviction-controller",
	} {
		lines := strings.Join(append(p.apiServer().Args, p.controllerManager().Args...), " ")
		if !strings.Contains(lines, want) {
			t.Errorf("%s: not in %s", want, lines)
		}
	}
}
