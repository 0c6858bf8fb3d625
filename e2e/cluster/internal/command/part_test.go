package command

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"taskstorage.io/e2e/cluster/internal/host"
	"taskstorage.io/e2e/cluster/internal/need"
	"taskstorage.io/e2e/cluster/internal/process"
	"taskstorage.io/e2e/cluster/internal/progress"
	"taskstorage.io/e2e/cluster/internal/release"
	"taskstorage.io/e2e/cluster/internal/state"
)

// withHosts makes the folder of a cluster of two hosts, with sleepers for all its processes but
// agent 2.
func (b bed) withHosts(t *testing.T) state.Cluster {
	t.Helper()
	cluster := b.cluster(t, "x")
	record, _ := cluster.Read()
	record.Controller = state.Served{Port: 1, DebugPort: 2}
	for number := 1; number <= 2; number++ {
		served := state.Served{Port: 2*number + 1, DebugPort: 2*number + 2}
		record = record.With(state.Host{Number: number, Node: nodeOf(number), Served: served})
	}
	if err := cluster.Write(record); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"etcd", "controller", "agent-1"} {
		b.sleeper(t, cluster, name)
	}
	return cluster
}

const limit = time.Minute

func (b bed) sleeper(t *testing.T, cluster state.Cluster, name string) {
	t.Helper()
	cmd, err := process.Start(process.Program{
		Name: name, Path: "/bin/sleep", Args: []string{"1000"}, Folder: "/",
		Log: filepath.Join(t.TempDir(), "log"), Mark: cluster.Folder,
	})
	if err != nil {
		t.Fatal(err)
	}
	// Reaped at once, as whoever starts it for good is not its parent for long.
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-ended
	})
}

func TestEnvNamesWhereHostsKeepThings(t *testing.T) {
	b := newBed(t)
	cluster := b.withHosts(t)
	ground, err := host.Of(cluster, 2)
	need.Met(t, err)
	want := "\nexport HOST_2_CGROUPS='" + ground.Cgroups + "'\nexport HOST_2_PINS='" +
		cluster.Folder + "/hosts/2/bpf/taskstorage'\n"
	if got := b.run("env --name x"); got.code != 0 || !strings.HasSuffix(got.stdout, want) {
		t.Errorf("%+v", got)
	}
}

func TestStatusTellsOfAgents(t *testing.T) {
	b := newBed(t)
	cluster := b.withHosts(t)
	_, err := host.Of(cluster, 1)
	need.Met(t, err)
	got := b.run("status")
	want := regexp.MustCompile(`(?m)^NAME +PROGRAM +NODE +PID +READY +ADDRESS
x     controller  -       \d+ +false  http://127.0.0.1:1
x     agent-1     host-1  \d+ +false  http://127.0.0.1:3
x     agent-2     host-2  - +false  http://127.0.0.1:5
$`)
	if !want.MatchString(got.stdout) {
		t.Errorf("%s", got.stdout)
	}
	var rows []row
	got = b.run("status -o json")
	if err := json.Unmarshal([]byte(got.stdout), &rows); err != nil || len(rows[0].Parts) != 3 {
		t.Fatalf("%v: %s", err, got.stdout)
	}
	first, second := rows[0].Parts[1], rows[0].Parts[2]
	if first.PID == 0 || first.Ready || first.Program != "agent-1" || first.Node != "host-1" ||
		second.PID != 0 || second.Host != 2 || !strings.HasSuffix(second.Log, "/logs/agent-2.log") {
		t.Errorf("%+v, %+v", first, second)
	}
}

func TestOnePartIsEndedAndNoOther(t *testing.T) {
	b := newBed(t)
	cluster := b.withHosts(t)
	for line, want := range map[string]string{
		"agent kill --name x --host 1": "", "controller stop --name x": "",
	} {
		if got := b.run(line); got.code != 0 || got.stderr != want {
			t.Errorf("%s: %+v", line, got)
		}
	}
	if found, _ := process.Find(cluster.Folder); len(found) != 1 || found[0].Program != "etcd" {
		t.Errorf("left %v", found)
	}
	want := "agent-1 of cluster x does not run\n"
	if got := b.run("agent stop --name x --host 1"); got.code != 0 || got.stderr != want {
		t.Errorf("%+v", got)
	}
}

func TestWhatRunsIsNotStartedAgain(t *testing.T) {
	b := newBed(t)
	b.withHosts(t)
	got := b.run("agent start --name x --host 1")
	if got.code != 0 || !strings.HasPrefix(got.stderr, "agent-1 of cluster x runs already, as process ") {
		t.Errorf("%+v", got)
	}
}

func TestWhatCannotBeStartedIsSaid(t *testing.T) {
	b := newBed(t)
	b.withHosts(t)
	b.server(t, b.cluster(t, "bare"))
	for line, want := range map[string]string{
		"agent start --name bare": "start part of cluster bare: it was started without agents: end it:" +
			" e2e/cluster/cluster down --name bare, then:" +
			" e2e/cluster/cluster up --agents 1 --name bare",
		"agent start --name x --host 7 --no-wait": "start agent-7 of cluster x: there is no such host" +
			" yet: leave --no-wait out",
	} {
		if got := b.run(line); got.code != 1 || got.stderr != want+"\n" {
			t.Errorf("%s: %+v", line, got)
		}
	}
}

func TestNodesAreToldApart(t *testing.T) {
	b := newBed(t)
	cluster := b.withHosts(t)
	badName := "no name of a Node: give up to 63 of a-z, 0-9, - and ., beginning and ending with a" +
		" letter or digit"
	for line, want := range map[string]outcome{
		"--host 2 --node host-1": {2, "", "cluster agent: --node host-1: host 1 plays this Node: give" +
			" another"},
		"--host 2 --node a/b":                         {2, "", `cluster agent: --node "a/b": ` + badName},
		"--host 2 --node a..b":                        {2, "", `cluster agent: --node "a..b": ` + badName},
		"--host 2 --node Foo":                         {2, "", `cluster agent: --node "Foo": ` + badName},
		"--host 2 --node x" + strings.Repeat("y", 63): {2, "", `cluster agent: --node "x` + strings.Repeat("y", 63) + `": ` + badName},
	} {
		want.stderr += "\n"
		if got := b.run("agent start --name x " + line); got != want {
			t.Errorf("%s: %+v", line, got)
		}
	}
	got := b.run("agent start --name x --host 1 --node other")
	if got.code != 1 || !strings.HasPrefix(got.stderr, "start agent-1 of cluster x: it runs, as process ") ||
		!strings.HasSuffix(got.stderr, "Node: e2e/cluster/cluster agent stop --host 1 --name x\n") {
		t.Errorf("%+v", got)
	}
	if record, _ := cluster.Read(); record.Hosts[0].Node != "host-1" || record.Hosts[1].Node != "host-2" {
		t.Errorf("noted %+v", record.Hosts)
	}
}

func TestEnvTellsWhatDoesNotRun(t *testing.T) {
	b := newBed(t)
	cluster := b.withHosts(t)
	_, err := host.Of(cluster, 1)
	need.Met(t, err)
	want := "cluster x runs without agent-2; to start it again: e2e/cluster/cluster up --name x\n"
	if got := b.run("env --name x"); got.code != 0 || got.stderr != want {
		t.Errorf("%+v", got)
	}
}

func TestUpStartsAgainWhatDoesNotRun(t *testing.T) {
	b := newBed(t)
	cluster := b.withHosts(t)
	record, _ := cluster.Read()
	var said strings.Builder
	shell := Shell{Progress: progress.Plain(&said), Source: t.TempDir() + "/none"}
	err := shell.upLocked(context.Background(), b.root, cluster,
		release.Release{Minor: record.Minor}, "", upOptions{agents: 2}, owner{})
	defer func() { _ = host.Remove(cluster, limit) }()
	// Where there is no launcher it is tried all the same, and nothing else is touched.
	if err == nil || !strings.Contains(err.Error(), "host 2") ||
		!strings.Contains(said.String(), "start agent-2 again: it does not run\n") {
		t.Errorf("%v: %s", err, said.String())
	}
	if found, _ := process.Find(cluster.Folder); len(found) != 3 {
		t.Errorf("left %v", found)
	}
}

func TestDownNamesStrangersAndCanBeRepeated(t *testing.T) {
	need.Root(t)
	b := newBed(t)
	cluster := b.withHosts(t)
	ground, err := host.Of(cluster, 1)
	if err == nil {
		err = ground.Make()
	}
	if err != nil {
		t.Fatal(err)
	}
	stranger := exec.Command("sleep", "1000")
	if err := stranger.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stranger.Wait() }()
	defer func() { _ = stranger.Process.Kill() }()
	pid := strconv.Itoa(stranger.Process.Pid)
	procs := filepath.Join(ground.Cgroups, "kubepods", "cgroup.procs")
	if err := os.WriteFile(procs, []byte(pid), 0o644); err != nil {
		t.Fatal(err)
	}

	got := b.run("down --name x")

	want := "end cluster x: remove cgroup " + ground.Cgroups + "/kubepods: processes are in it that" +
		" are not the cluster's: " + pid + " (sleep): end them or move them out, then repeat:" +
		" e2e/cluster/cluster down --name x\n"
	if got.code != 1 || got.stderr != want {
		t.Errorf("%+v\nwant %s", got, want)
	}
	_ = stranger.Process.Kill()
	_ = stranger.Wait()
	if got := b.run("down --name x"); got.code != 0 || cluster.Exists() {
		t.Errorf("%+v", got)
	}
}
