package state

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func root(t *testing.T) Root {
	t.Helper()
	return Root(filepath.Join(t.TempDir(), "clusters"))
}

func cluster(t *testing.T, r Root, name string) Cluster {
	t.Helper()
	c, err := r.Cluster(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRootFollowsTheEnvironment(t *testing.T) {
	cases := []struct{ stateHome, home, want string }{
		{"/s", "/h", "/s/taskstorage/clusters"},
		{"", "/h", "/h/.local/state/taskstorage/clusters"},
		{"relative", "/h", "/h/.local/state/taskstorage/clusters"},
		{"", "", ""},
	}
	for _, c := range cases {
		got, err := RootFrom(func(name string) string {
			return map[string]string{"XDG_STATE_HOME": c.stateHome, "HOME": c.home}[name]
		})
		if string(got) != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%+v: got %s, %v", c, got, err)
		}
	}
}

func TestNamesAreLabels(t *testing.T) {
	r := root(t)
	for _, good := range []string{"dev", "a", "1", "test-1-2", strings.Repeat("a", 63)} {
		if _, err := r.Cluster(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"", "-a", "a-", "A", "a/b", "..", "a.b", strings.Repeat("a", 64)} {
		_, err := r.Cluster(bad)
		if err == nil || !strings.Contains(err.Error(), "no name of a cluster: give up to 63 of") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestSecondLockWaitsForTheFirst(t *testing.T) {
	c := cluster(t, root(t), "dev")
	first, err := c.Lock(func() { t.Error("the first waits") })
	if err != nil {
		t.Fatal(err)
	}
	if !c.Locked() {
		t.Error("not locked")
	}
	waits := make(chan struct{})
	got := make(chan error)
	go func() {
		second, err := c.Lock(func() { close(waits) })
		if err == nil {
			defer second.Release()
		}
		got <- err
	}()
	<-waits

	// The folder goes while the second waits: it must not end up with a lock on nothing.
	if err := c.Remove(); err != nil {
		t.Fatal(err)
	}
	first.Release()

	if err := <-got; err != nil {
		t.Fatal(err)
	}
	if !c.Exists() || c.Locked() {
		t.Errorf("exists %v, locked %v", c.Exists(), c.Locked())
	}
}

func TestRecordSurvivesAndIsPrivate(t *testing.T) {
	c := cluster(t, root(t), "dev")
	if _, ok := c.Read(); ok {
		t.Error("a record before it was written")
	}
	lock, err := c.Lock(func() {})
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	want := Record{
		Kubernetes: "v1.36.3", Minor: "1.36", Bin: "/b", Servers: []string{"etcd"},
		Ports: Ports{1, 2, 3, 4, 5}, Started: time.Unix(1, 0).UTC(), Ready: true,
	}
	if err := c.Write(want); err != nil {
		t.Fatal(err)
	}
	got, ok := c.Read()
	if !ok || got.Server() != "https://127.0.0.1:1" || !got.Ready || got.Kubernetes != "v1.36.3" {
		t.Errorf("read %+v, %v", got, ok)
	}
	for path, mode := range map[string]os.FileMode{c.Folder: 0o700, c.File("cluster.json"): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	if err := os.WriteFile(c.File("cluster.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, ok := c.Read(); ok {
		t.Error("a record that was cut off is read")
	}
}

func TestClearKeepsTheLogs(t *testing.T) {
	c := cluster(t, root(t), "dev")
	for _, folder := range []string{"logs", "etcd/member"} {
		if err := os.MkdirAll(c.File(folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Clear(); err != nil {
		t.Fatal(err)
	}
	entries, _ := os.ReadDir(c.Folder)
	if len(entries) != 1 || entries[0].Name() != "logs" {
		t.Errorf("left: %v", entries)
	}
}

func TestPortsDifferAlsoFromOtherClusters(t *testing.T) {
	r := root(t)
	seen := map[int]bool{}
	for _, name := range []string{"a", "b", "c"} {
		c := cluster(t, r, name)
		lock, err := c.Lock(func() {})
		if err != nil {
			t.Fatal(err)
		}
		defer lock.Release()
		err = r.ChoosePorts(func(free Free) error {
			ports, _ := free.Ports()
			controller, _ := free.Served()
			served, err := free.Served()
			record := Record{Ports: ports, Controller: controller, Hosts: []Host{{1, "host-1", served}}}
			for _, port := range record.ports() {
				if seen[port] || port < firstPort || port >= lastPort {
					t.Errorf("port %d", port)
				}
				seen[port] = true
			}
			return errors.Join(err, c.Write(record))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	clusters, err := r.Clusters()
	if err != nil || len(clusters) != 3 || clusters[2].Name != "c" {
		t.Errorf("clusters %v, %v", clusters, err)
	}
}

func TestNoClustersWhereNoneWasMade(t *testing.T) {
	if clusters, err := root(t).Clusters(); err != nil || len(clusters) != 0 {
		t.Errorf("clusters %v, %v", clusters, err)
	}
}
