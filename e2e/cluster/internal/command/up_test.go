package command

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"taskstorage.io/e2e/cluster/internal/process"
	"taskstorage.io/e2e/cluster/internal/progress"
	"taskstorage.io/e2e/cluster/internal/release"
	"taskstorage.io/e2e/cluster/internal/server"
)

// startScripts starts a cluster whose API server is a script.
func (b bed) startScripts(t *testing.T, apiServer string) error {
	t.Helper()
	bin := t.TempDir()
	for name, script := range map[string]string{
		"etcd": "exec sleep 1000", "kube-apiserver": apiServer,
	} {
		text := []byte("#!/bin/sh\n" + script + "\n")
		if err := os.WriteFile(filepath.Join(bin, name), text, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	cluster, err := b.root.Cluster("x")
	if err != nil {
		t.Fatal(err)
	}
	lock, err := cluster.Lock(func() {})
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	shell := Shell{Progress: progress.Plain(&strings.Builder{})}
	err = shell.upLocked(context.Background(), b.root, cluster,
		release.Release{Minor: "1.99", Version: "v1.99.1"}, bin, upOptions{}, owner{})
	if found, _ := process.Find(cluster.Folder); len(found) != 0 {
		t.Errorf("left %v", found)
	}
	return err
}

func TestOtherPortsAreTriedWhereOneWasTaken(t *testing.T) {
	b := newBed(t)
	seen := filepath.Join(t.TempDir(), "ports")
	err := b.startScripts(t, "echo \"$3\" >>"+seen+"\necho 'bind: address already in use'\nexit 1")

	if !errors.Is(err, server.ErrPortTaken) ||
		!strings.HasPrefix(err.Error(), "start cluster x: a port was taken meanwhile: start kube-") {
		t.Errorf("got %v", err)
	}
	text, _ := os.ReadFile(seen)
	ports := strings.Fields(string(text))
	if len(ports) != attempts || ports[0] == ports[1] || !strings.HasPrefix(ports[0], "--secure-port=") {
		t.Errorf("tried %v", ports)
	}
}

func TestFailedStartKeepsOnlyTheLogs(t *testing.T) {
	b := newBed(t)
	err := b.startScripts(t, "echo 'etcd is too old'\nexit 1")

	folder := filepath.Join(string(b.root), "x")
	want := "start cluster x: start kube-apiserver: exit status 1: see the end of " + folder +
		"/logs/kube-apiserver.log:\n  etcd is too old"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	entries, _ := os.ReadDir(folder)
	if len(entries) != 1 || entries[0].Name() != "logs" {
		t.Errorf("left %v", entries)
	}
	if got := b.run("status"); !strings.Contains(got.stdout, "x     Dead   -           -") {
		t.Errorf("%+v", got)
	}
	if got := b.run("down --name x"); got.code != 0 {
		t.Errorf("%+v", got)
	}
}
