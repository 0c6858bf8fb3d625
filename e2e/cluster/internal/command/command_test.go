package command

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"taskstorage.io/e2e/cluster/internal/process"
	"taskstorage.io/e2e/cluster/internal/progress"
	"taskstorage.io/e2e/cluster/internal/state"
)

// outcome is how a command ended.
type outcome struct {
	code           int
	stdout, stderr string
}

// bed is a shell with folders of its own.
type bed struct {
	root state.Root
	vars map[string]string
}

func newBed(t *testing.T) bed {
	t.Helper()
	folder := t.TempDir()
	vars := map[string]string{"XDG_STATE_HOME": folder, "XDG_CACHE_HOME": folder}
	root, err := state.RootFrom(func(name string) string { return vars[name] })
	if err != nil {
		t.Fatal(err)
	}
	return bed{root, vars}
}

func (b bed) run(line string) outcome {
	var out, err strings.Builder
	code := Shell{
		Getenv:   func(name string) string { return b.vars[name] },
		Stdout:   &out,
		Progress: progress.Plain(&err),
		Source:   "../..",
	}.Run(context.Background(), strings.Fields(line))
	return outcome{code, out.String(), err.String()}
}

// server starts a process that is a cluster's.
func (b bed) server(t *testing.T, cluster state.Cluster) {
	t.Helper()
	sleep, err := os.ReadFile("/bin/sleep")
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "etcd")
	if err := os.WriteFile(program, sleep, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd, err := process.Start(process.Program{
		Name: "etcd", Path: program, Args: []string{"1000"}, Folder: "/",
		Log: filepath.Join(t.TempDir(), "log"), Mark: cluster.Folder,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
}

// cluster makes the folder of a cluster that was ready.
func (b bed) cluster(t *testing.T, name string) state.Cluster {
	t.Helper()
	cluster, err := b.root.Cluster(name)
	if err != nil {
		t.Fatal(err)
	}
	lock, err := cluster.Lock(func() {})
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	err = cluster.Write(state.Record{
		Kubernetes: "v1.36.3", Minor: "1.36", Bin: "/b", Servers: []string{"etcd"},
		Ports: state.Ports{API: 20001}, Ready: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return cluster
}

func TestWrongWordsAreToldFromFailures(t *testing.T) {
	b := newBed(t)
	for line, want := range map[string]string{
		"fly":             "cluster fly: no such command: see cluster --help",
		"up --colour red": "cluster up: flag provided but not defined: -colour: see cluster up --help",
		"down now":        "cluster down: now: unexpected: see cluster down --help",
		"down --all --name x": "cluster down: --all and --name: both name clusters:" +
			" give one of them",
		"up --nodes 4":              "cluster up: --nodes 4: more than one machine runs: give 0 to 3",
		"up --nodes 1 --kernel 6.2": "cluster up: --kernel 6.2: no such kernel: give 5.10, 6.1, 6.12, 7",
		"up --kernel 6.1":           "cluster up: --kernel: it is for nodes, and there are none: give --nodes 1",
		"up --nodes 1 --cgroup-driver systemd": "cluster up: --cgroup-driver systemd: a node's first" +
			" process is not systemd, which runc would ask over D-Bus to make its slices: give cgroupfs",
		"up --nodes 1 --cgroup-driver x": "cluster up: --cgroup-driver x: no such driver: give cgroupfs",
		"up --nodes 1 --agents 1": "cluster up: --nodes and --agents: a cluster's nodes are all real or" +
			" all played: give one of them",
		"load":            "cluster load: FILE: wanted, before the options: an archive of an image",
		"image a:1":       "cluster image: PROGRAM: wanted: the image's name, its program, and the file to write",
		"image a:1 p f x": "cluster image: x: unexpected: see cluster image --help",
		"image --x":       "cluster image: flag provided but not defined: -x: see cluster image --help",
		"relay x":         "cluster relay: LISTEN TARGET: wanted",
		"up --agents 21":  "cluster up: --agents 21: more than one machine plays: give 0 to 20",
		"agent --host 1":  `cluster agent: "": no such action: give start, stop or kill`,
		"agent hug":       `cluster agent: "hug": no such action: give start, stop or kill`,
		"agent stop --host 21": "cluster agent: --host 21: no number of a host:" +
			" give 1 to 20",
		"keep": "cluster keep: NAME: wanted",
		"up --kubernetes 1.2": "cluster up: --kubernetes 1.2: not among the versions that can be" +
			" built here: give 1.36 or 1.33",
		"up --name ../x": `cluster up: --name "../x": no name of a cluster: give up to 63 of a-z,` +
			" 0-9 and -, beginning and ending with a letter or digit",
		"status -o yaml": "cluster status: -o yaml: no such format: give table or json",
		"reap x":         "cluster reap: NAME PID START: wanted",
		"reap x y 1":     "cluster reap: PID y: no number",
		"reap x 1 z":     "cluster reap: START z: no number",
	} {
		if got := b.run(line); got.code != 2 || got.stderr != want+"\n" {
			t.Errorf("%s: %d %s", line, got.code, got.stderr)
		}
	}
}

func TestFailuresSayWhatToDo(t *testing.T) {
	b := newBed(t)
	for line, want := range map[string]string{
		"env --name x": "print environment of cluster x: it does not run:" +
			" e2e/cluster/cluster up --name x",
		"up --while-pid 999999999": "find process 999999999: the process is gone:" +
			" give one that runs to --while-pid",
		"built --kubernetes 1.33": "find programs of Kubernetes 1.33: they have not" +
			" been built: e2e/cluster/cluster build --kubernetes 1.33",
		"agent kill --name x --host 2": "kill agent-2 of cluster x: it does not run:" +
			" e2e/cluster/cluster up --name x",
		"keep x": "keep hosts of cluster x: there is no such cluster",
		"up --no-build": "find programs of Kubernetes 1.36: they have not" +
			" been built: e2e/cluster/cluster build --kubernetes 1.36",
		"load /none.tar":     "load image: open /none.tar: no such file or directory",
		"image a:1 /none /f": "image a:1: open /none: no such file or directory",
	} {
		if got := b.run(line); got.code != 1 || got.stderr != want+"\n" {
			t.Errorf("%s: %d %s", line, got.code, got.stderr)
		}
	}
	if entries, _ := os.ReadDir(string(b.root)); len(entries) != 0 {
		t.Errorf("left %v", entries)
	}
}

func TestHelpIsNoFailure(t *testing.T) {
	b := newBed(t)
	if got := b.run("--help"); got.code != 0 || !strings.Contains(got.stdout, "\n  down [--name") {
		t.Errorf("%+v", got)
	}
	if got := b.run(""); got.code != 2 || !strings.Contains(got.stderr, "\n  down [--name") {
		t.Errorf("%+v", got)
	}
	for _, v := range verbs() {
		got := b.run(v.name + " --help")
		if got.code != 0 || !strings.Contains(got.stdout, "usage: e2e/cluster/cluster "+v.name) ||
			strings.Contains(got.stdout, "\n  -") != strings.Contains(v.usage, "[-") {
			t.Errorf("%s: %+v", v.name, got)
		}
	}
}

func TestEnvIsForEval(t *testing.T) {
	b := newBed(t)
	cluster := b.cluster(t, "x")
	b.server(t, cluster)
	want := "export KUBECONFIG='" + cluster.Folder + "/kubeconfig'\nexport KUBECACHEDIR='" +
		cluster.Folder + "/kubectl-cache'\nexport PATH='/b':\"$PATH\"\n"
	if got := b.run("env --name x"); got.code != 0 || got.stdout != want {
		t.Errorf("%+v", got)
	}
	if got := quote("a'b"); got != `'a'\''b'` {
		t.Error(got)
	}
}

func TestStatusTellsWhatIsThere(t *testing.T) {
	b := newBed(t)
	if got := b.run("status"); got.stdout != "there is no cluster\n" {
		t.Errorf("%+v", got)
	}
	b.server(t, b.cluster(t, "a"))
	b.cluster(t, "b")
	got := b.run("status")
	lines := strings.Split(got.stdout, "\n")
	if got.code != 0 || len(lines) != 4 ||
		!strings.HasPrefix(lines[1], "a     Ready  v1.36.3     https://127.0.0.1:20001  etcd(") ||
		lines[2] != "b     Dead   v1.36.3     https://127.0.0.1:20001  -" {
		t.Errorf("%+v", got)
	}
	if got := b.run("status -o json"); !strings.Contains(got.stdout, `"state": "Dead"`) ||
		!strings.Contains(got.stdout, `"program": "etcd"`) {
		t.Errorf("%+v", got)
	}
}

func TestDownEndsAndRemoves(t *testing.T) {
	b := newBed(t)
	cluster := b.cluster(t, "x")
	b.server(t, cluster)
	got := b.run("down --name x")
	if got.code != 0 || got.stderr != "cluster x is down, and nothing of it left\n" {
		t.Errorf("%+v", got)
	}
	if found, _ := process.Find(cluster.Folder); len(found) != 0 || cluster.Exists() {
		t.Errorf("left %v, folder %v", found, cluster.Exists())
	}
	if got := b.run("down --name x"); got.code != 0 || got.stderr != "there is no cluster x\n" {
		t.Errorf("%+v", got)
	}
	b.server(t, b.cluster(t, "y"))
	b.cluster(t, "z")
	if got := b.run("down --all"); got.code != 0 || strings.Count(got.stderr, "is down") != 2 {
		t.Errorf("%+v", got)
	}
	if got := b.run("down --all"); got.code != 0 || got.stderr != "there is no cluster\n" {
		t.Errorf("%+v", got)
	}
}

func TestReaperEndsTheClusterOfAProcessThatIsGone(t *testing.T) {
	b := newBed(t)
	cluster := b.cluster(t, "x")
	b.server(t, cluster)
	// This process's number with another's start time: what the owner's number came to mean.
	line := "reap x " + strconv.Itoa(os.Getpid()) + " 1"
	if got := b.run(line); got.code != 0 || cluster.Exists() {
		t.Errorf("%+v", got)
	}
}

func TestOwnerIsAwaited(t *testing.T) {
	cmd, err := process.Start(process.Program{
		Name: "sh", Path: "/bin/sleep", Args: []string{"1000"}, Folder: "/",
		Log: filepath.Join(t.TempDir(), "log"), Mark: t.TempDir(),
	})
	if err != nil {
		t.Fatal(err)
	}
	o, err := ownerOf(cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() { ended <- awaitEnd(o) }()
	select {
	case err := <-ended:
		t.Fatalf("the owner lives, and the wait ended: %v", err)
	default:
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := ownerOf(cmd.Process.Pid); !errors.Is(err, process.ErrGone) {
		t.Error(err)
	}
}
