package command

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"taskstorage.io/e2e/cluster/internal/state"
)

// withNodes makes the folder of a cluster of two nodes, with a sleeper for the first.
func (b bed) withNodes(t *testing.T) state.Cluster {
	t.Helper()
	cluster := b.cluster(t, "x")
	record, _ := cluster.Read()
	record.Nodes = []state.Node{{Number: 1, Port: 3}, {Number: 2, Port: 4}}
	record.Machines = state.Machines{Kernel: "6.12"}
	if err := cluster.Write(record); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"etcd", "node-1"} {
		b.sleeper(t, cluster, name)
	}
	return cluster
}

func TestStatusAndEnvTellOfNodes(t *testing.T) {
	b := newBed(t)
	cluster := b.withNodes(t)
	want := regexp.MustCompile(`(?m)^NAME +PROGRAM +NODE +PID +READY +ADDRESS
x     node-1   node-1  \d+ +false  https://127.0.0.1:3
x     node-2   node-2  - +false  https://127.0.0.1:4
$`)
	if got := b.run("status"); !want.MatchString(got.stdout) || !strings.Contains(got.stdout, "x     Ready ") {
		t.Errorf("%s", got.stdout)
	}
	got := b.run("env --name x")
	if !strings.HasSuffix(got.stdout, "\nexport NODE_1_LOGS='"+cluster.Folder+"/logs/node-1'\n"+
		"export NODE_2_LOGS='"+cluster.Folder+"/logs/node-2'\n") ||
		!strings.HasPrefix(got.stderr, "cluster x runs without node-2; to start it again: ") {
		t.Errorf("%+v", got)
	}
}

func TestOneNodeIsEndedAndNoOther(t *testing.T) {
	b := newBed(t)
	b.withNodes(t)
	for line, want := range map[string]outcome{
		"node kill --name x --node 1":  {0, "", ""},
		"node stop --name x --node 2":  {0, "", "node-2 of cluster x does not run\n"},
		"node start --name x --node 3": {1, "", "start node-3 of cluster x: it was started with 2 nodes\n"},
	} {
		if got := b.run(line); got != want {
			t.Errorf("%s: %+v", line, got)
		}
	}
}

func TestImagesNeedNodes(t *testing.T) {
	b := newBed(t)
	b.cluster(t, "bare")
	file := filepath.Join(t.TempDir(), "a.tar")
	if got := b.run("image a:1 /bin/true " + file); got != (outcome{}) {
		t.Fatalf("%+v", got)
	}
	want := "load " + file + " into cluster bare: it runs no nodes: e2e/cluster/cluster up --nodes 1 --name bare\n"
	if got := b.run("load " + file + " --name bare"); got.code != 1 || got.stderr != want {
		t.Errorf("%+v", got)
	}
	want = "deploy into cluster bare: it runs no nodes: e2e/cluster/cluster up --nodes 1 --name bare\n"
	if got := b.run("deploy --name bare"); got.code != 1 || got.stderr != want {
		t.Errorf("%+v", got)
	}
}

func TestNameOfAnImageIsTakenApart(t *testing.T) {
	for name, want := range map[string][2]string{
		"task-storage-operator:0.1.0": {"task-storage-operator", "0.1.0"},
		"localhost:5000/a/b:1":        {"localhost:5000/a/b", "1"},
		"localhost:5000/a/b":          {"localhost:5000/a/b", "latest"},
		"a":                           {"a", "latest"},
	} {
		if repository, tag := split(name); repository != want[0] || tag != want[1] {
			t.Errorf("%s: %s, %s", name, repository, tag)
		}
	}
}
