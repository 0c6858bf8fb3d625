package operator

import (
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"taskstorage.io/e2e/cluster/internal/api"
	"taskstorage.io/e2e/cluster/internal/host"
	"taskstorage.io/e2e/cluster/internal/need"
	"taskstorage.io/e2e/cluster/internal/process"
	"taskstorage.io/e2e/cluster/internal/server"
	"taskstorage.io/e2e/cluster/internal/state"
)

const limit = time.Minute

// freePort is one that nobody listens on.
func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// played is host 1, whose Node is there.
func played(t *testing.T, o Operator) (state.Host, host.Ground) {
	t.Helper()
	ground, err := host.Of(o.Cluster, 1)
	need.Met(t, err)
	h := state.Host{Number: 1, Node: "host-1", Served: state.Served{Port: freePort(t)}}
	if err := o.makeNode(context.Background(), h); err != nil {
		t.Fatal(err)
	}
	return h, ground
}

func keep(t *testing.T, o Operator, h state.Host) {
	t.Helper()
	o.keep(context.Background(), state.Record{Hosts: []state.Host{h}}, func(what string, err error) {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	})
}

func TestTokenIsDueAtHalfItsLifeAndForAnotherPod(t *testing.T) {
	now := time.Now()
	for name, c := range map[string]struct {
		token string
		want  bool
	}{
		"fresh":        {token("a", now, time.Hour), false},
		"before half":  {token("a", now.Add(-29*time.Minute), time.Hour), false},
		"half":         {token("a", now.Add(-31*time.Minute), time.Hour), true},
		"another pod":  {token("b", now, time.Hour), true},
		"none":         {"", true},
		"not a token":  {"a.b.c", true},
		"not even two": {"a", true},
	} {
		if got := isDue(c.token, "a", now); got != c.want {
			t.Errorf("%s: due %t", name, got)
		}
	}
}

func TestKeeperBringsOneHostInLineAndThenChangesNothing(t *testing.T) {
	o, fake := bed(t)
	h, ground := played(t, o)
	fake.changes()

	keep(t, o, h)

	pods := "/api/v1/namespaces/taskstorage-system/pods/taskstorage-agent-1"
	accounts := "POST /api/v1/namespaces/taskstorage-system/serviceaccounts/"
	want := []string{
		accounts + "taskstorage-controller/token", "PATCH " + pods,
		accounts + "taskstorage-agent/token", "PATCH " + pods + "/status",
	}
	if got := fake.changes(); !slices.Equal(got, want) {
		t.Errorf("changed %q", got)
	}
	text, _ := os.ReadFile(filepath.Join(ground.Folder, "token"))
	if c, err := read(string(text)); err != nil || c.Kubernetes.Pod.UID != "uid-2" {
		t.Errorf("token of pod %+v, %v", c, err)
	}
	config, _ := os.ReadFile(filepath.Join(ground.Folder, "kubeconfig"))
	if !strings.Contains(string(config), "      tokenFile: \""+ground.Folder+"/token\"\n") {
		t.Errorf("kubeconfig\n%s", config)
	}
	keep(t, o, h)
	if got := fake.changes(); len(got) != 0 {
		t.Errorf("changed again %q", got)
	}
}

func TestPodIsReadyWhileItsProcessSaysSo(t *testing.T) {
	o, _ := bed(t)
	h, _ := played(t, o)
	ready := func() string {
		keep(t, o, h)
		var own pod
		if err := o.Client.Get(context.Background(), agentPodPath(h), &own); err != nil {
			t.Fatal(err)
		}
		return own.ready()
	}
	if got := ready(); got != "False" {
		t.Errorf("nobody answers, and the pod is ready: %s", got)
	}
	agent := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})}
	listener, err := net.Listen("tcp", address(h.Port))
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = agent.Serve(listener) }()
	if got := ready(); got != "True" {
		t.Errorf("the agent is ready, and its pod: %s", got)
	}
	_ = agent.Close()
	if got := ready(); got != "False" {
		t.Errorf("the agent is gone, and its pod ready: %s", got)
	}
}

func TestNodeOfAnotherNameHasAnotherPodAndToken(t *testing.T) {
	o, _ := bed(t)
	h, ground := played(t, o)
	keep(t, o, h)
	before, _ := os.ReadFile(filepath.Join(ground.Folder, "token"))
	h.Node = "renamed"
	if err := o.makeNode(context.Background(), h); err != nil {
		t.Fatal(err)
	}

	keep(t, o, h)

	var own pod
	if err := o.Client.Get(context.Background(), agentPodPath(h), &own); err != nil {
		t.Fatal(err)
	}
	after, _ := os.ReadFile(filepath.Join(ground.Folder, "token"))
	c, _ := read(string(after))
	if own.Spec.NodeName != "renamed" || c.Kubernetes.Pod.UID != own.Metadata.UID ||
		string(before) == string(after) {
		t.Errorf("pod %+v, token of %+v", own, c)
	}
}

// The keeper and the command that renames a host both see the old pod, and both replace it.
func TestPodThatAnotherHasReplacedMeanwhileIsTaken(t *testing.T) {
	o, _ := bed(t)
	h, _ := played(t, o)
	keep(t, o, h)
	var old pod
	if err := o.Client.Get(context.Background(), agentPodPath(h), &old); err != nil {
		t.Fatal(err)
	}
	h.Node = "renamed"
	replaced, err := o.ownPod(context.Background(), h)
	if err != nil {
		t.Fatal(err)
	}

	if err := o.Client.Delete(context.Background(), agentPodPath(h), old.Metadata.UID); err != nil {
		t.Error(err)
	}
	own, err := o.ownPod(context.Background(), h)
	if err != nil || own.Metadata.UID != replaced.Metadata.UID || own.Metadata.UID == old.Metadata.UID {
		t.Errorf("%v: pod %+v, replaced by %+v", err, own, replaced)
	}
}

func TestWithoutItsNodeAHostIsLeftAlone(t *testing.T) {
	o, fake := bed(t)
	h, _ := played(t, o)
	keep(t, o, h)
	fake.mutex.Lock()
	delete(fake.objects, nodePath(h.Node))
	delete(fake.objects, agentPodPath(h))
	fake.mutex.Unlock()
	fake.changes()
	var said error
	o.keep(context.Background(), state.Record{Hosts: []state.Host{h}}, func(what string, err error) {
		if what == "keep agent-1" {
			said = err
		}
	})
	if got := fake.changes(); len(got) != 0 || !api.IsNotFound(said) {
		t.Errorf("changed %q, said %v", got, said)
	}
}

func TestDeletedPodGoesOnceItHasNoCgroup(t *testing.T) {
	need.Root(t)
	o, fake := bed(t)
	h, ground := played(t, o)
	t.Cleanup(func() {
		if err := host.Remove(o.Cluster, limit); err != nil {
			t.Error(err)
		}
	})
	if err := ground.Make(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"deleted", "stays"} {
		fake.apply("/api/v1/namespaces/shop/pods/"+name, api.Object{
			"metadata": api.Object{"name": name}, "spec": api.Object{"nodeName": h.Node},
		})
	}
	deleted := fake.objects["/api/v1/namespaces/shop/pods/deleted"]["metadata"].(api.Object)
	deleted["deletionTimestamp"] = "2026-01-01T00:00:00Z"
	cgroup := filepath.Join(ground.Cgroups, "kubepods", "pod"+deleted["uid"].(string))
	if err := os.Mkdir(cgroup, 0o755); err != nil {
		t.Fatal(err)
	}
	removed := "DELETE /api/v1/namespaces/shop/pods/deleted"

	keep(t, o, h)
	if got := fake.changes(); slices.Contains(got, removed) {
		t.Errorf("gone with its cgroup still there: %q", got)
	}
	if err := os.Remove(cgroup); err != nil {
		t.Fatal(err)
	}
	keep(t, o, h)
	if got := fake.changes(); !slices.Equal(got, []string{removed}) {
		t.Errorf("changed %q", got)
	}
}

func TestAgentIsStartedWithItsHost(t *testing.T) {
	o, _ := bed(t)
	h, ground := played(t, o)
	h.DebugPort = freePort(t)
	t.Cleanup(func() {
		if err := process.End(o.Cluster.Folder, limit); err != nil {
			t.Error(err)
		}
	})

	if err := o.StartAgent(context.Background(), h, true); err != nil {
		t.Fatal(err)
	}

	text, _ := os.ReadFile(server.Log(o.Cluster, "agent-1"))
	want := "agent --node-name host-1 --kubeconfig " + ground.Folder + "/kubeconfig --bpffs " +
		ground.Bpffs() + " --cgroup-root " + ground.Cgroups + " --state-dir " + ground.State() +
		" --listen " + address(h.Port) + " --debug-listen " + address(h.DebugPort) + "\n"
	if string(text) != want {
		t.Errorf("started\n%swant\n%s", text, want)
	}
	found, _ := process.Find(o.Cluster.Folder)
	if len(found) != 1 || found[0].Program != "agent-1" {
		t.Errorf("found %+v", found)
	}
	count, err := process.Stop(o.Cluster.Folder, "agent-1", syscall.SIGTERM, limit)
	if count != 1 || err != nil {
		t.Errorf("stopped %d, %v", count, err)
	}
}

func TestProcessThatEndsInsteadOfServingIsToldWithItsLog(t *testing.T) {
	o, _ := bed(t)
	o.Launcher = "/bin/false"
	err := o.StartController(context.Background(), state.Served{Port: freePort(t)}, true)
	want := "start controller: exit status 1: see the end of " + server.Log(o.Cluster, "controller")
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v", err)
	}
}

func TestRefusalIsToldWithItsObject(t *testing.T) {
	o, _ := bed(t)
	err := o.Client.Get(context.Background(), "/api/v1/pods/x?a=b", nil)
	if err == nil || err.Error() != "get /api/v1/pods/x: not found" || !api.IsNotFound(err) {
		t.Errorf("got %v", err)
	}
}

func TestWhatEndedByItselfIsStartedAgain(t *testing.T) {
	o, _ := bed(t)
	h, _ := played(t, o)
	ended := h
	ended.Number, ended.Ended = 2, true
	record := state.Record{
		Ready: true, Hosts: []state.Host{h, ended},
		Controller: state.Served{Port: freePort(t), DebugPort: freePort(t)},
	}
	if err := o.Cluster.Write(record); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = process.End(o.Cluster.Folder, limit) }()
	var log strings.Builder
	started := map[string]time.Time{}
	restart := func() []string {
		if err := o.restart(context.Background(), record, started, &log); err != nil {
			t.Fatal(err)
		}
		found, _ := process.Find(o.Cluster.Folder)
		var names []string
		for _, one := range found {
			names = append(names, one.Program)
		}
		slices.Sort(names)
		return slices.Compact(names)
	}
	want := []string{"agent-1", "controller"}

	lock, _ := o.Cluster.TryLock()
	if got := restart(); len(got) != 0 {
		t.Errorf("while a command is at work: started %q", got)
	}
	lock.Release()
	if got := restart(); !slices.Equal(got, want) {
		t.Errorf("started %q", got)
	}
	if got := strings.Count(log.String(), "ended, and is started again"); got != 2 {
		t.Errorf("said\n%s", log.String())
	}
	if _, err := process.Stop(o.Cluster.Folder, "agent-1", syscall.SIGKILL, limit); err != nil {
		t.Fatal(err)
	}
	if got := restart(); !slices.Equal(got, []string{"controller"}) {
		t.Errorf("again too soon: %q", got)
	}
	started["agent-1"] = time.Time{}
	if got := restart(); !slices.Equal(got, want) {
		t.Errorf("started again %q", got)
	}
}
