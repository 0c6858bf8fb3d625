package host

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"taskstorage.io/e2e/cluster/internal/need"
	"taskstorage.io/e2e/cluster/internal/state"
)

// ground makes host 1 of a cluster of the test's own.
func ground(t *testing.T) (state.Cluster, Ground) {
	t.Helper()
	need.Root(t)
	cluster, err := state.Root(t.TempDir()).Cluster("test")
	if err != nil {
		t.Fatal(err)
	}
	made, err := Of(cluster, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := Remove(cluster, time.Minute); err != nil {
			t.Error(err)
		}
	})
	if err := made.Make(); err != nil {
		t.Fatal(err)
	}
	return cluster, made
}

func TestGroundComesAndGoes(t *testing.T) {
	cluster, made := ground(t)
	if err := made.Make(); err != nil {
		t.Errorf("made again: %v", err)
	}
	mounted, err := mountsBelow(cluster.Folder)
	if err != nil || !slices.Equal(mounted, []string{made.Bpffs()}) {
		t.Errorf("mounted %v, %v", mounted, err)
	}
	if err := os.Mkdir(made.Pins(), 0o755); err != nil {
		t.Errorf("no bpffs: %v", err)
	}
	pod := filepath.Join(made.Cgroups, "kubepods/burstable/podabc")
	if err := os.MkdirAll(filepath.Join(pod, "container"), 0o755); err != nil {
		t.Fatal(err)
	}
	if !made.PodCgroup("abc") || made.PodCgroup("ab") {
		t.Error("the cgroup of a pod is not told from others")
	}

	if err := Remove(cluster, 0); err != nil {
		t.Fatal(err)
	}

	if mounted, _ := mountsBelow(cluster.Folder); len(mounted) != 0 {
		t.Errorf("still mounted: %v", mounted)
	}
	if _, err := os.Stat(filepath.Dir(made.Cgroups)); !os.IsNotExist(err) {
		t.Errorf("cgroups left: %v", err)
	}
	if err := Remove(cluster, 0); err != nil {
		t.Errorf("removed again: %v", err)
	}
}

func TestStrangersInTheCgroupsAreNamedAndLiveOn(t *testing.T) {
	cluster, made := ground(t)
	stranger := exec.Command("sleep", "1000")
	if err := stranger.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stranger.Process.Kill()
		_ = stranger.Wait()
	})
	pid := strconv.Itoa(stranger.Process.Pid)
	pod := filepath.Join(made.Cgroups, "kubepods/besteffort/podabc")
	if err := os.Mkdir(pod, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(pod, "cgroup.procs"), []byte(pid), 0o644); err != nil {
		t.Fatal(err)
	}

	err := Remove(cluster, 0)

	want := "remove cgroup " + pod + ": processes are in it that are not the cluster's: " + pid +
		" (sleep): end them or move them out, then repeat"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat("/proc/" + pid); err != nil {
		t.Error(err)
	}
}

func TestClustersOfOneNameInTwoFoldersDoNotMeet(t *testing.T) {
	one, _ := state.Root("/a").Cluster("x")
	other, _ := state.Root("/b").Cluster("x")
	first, err := Of(one, 1)
	need.Met(t, err)
	second, _ := Of(other, 1)
	again, _ := Of(one, 1)
	if first.Cgroups == second.Cgroups || first != again ||
		!strings.Contains(first.Cgroups, "/taskstorage-cluster-x-") {
		t.Errorf("%+v, %+v", first, second)
	}
}

func TestMountsAreReadWithTheirEscapes(t *testing.T) {
	got := parseMounts(`31 23 0:27 / /sys/fs/cgroup/unified rw,relatime shared:9 - cgroup2 cgroup2 rw
92 26 0:80 / /tmp/a\040b\134c rw - bpf bpf rw,mode=700
broken
`)
	want := []mount{{"/sys/fs/cgroup/unified", "cgroup2"}, {`/tmp/a b\c`, "bpf"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}
