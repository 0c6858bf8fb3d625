package place

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func environment(pairs map[string]string) func(string) string {
	return func(name string) string { return pairs[name] }
}

func TestFoldersFollowTheEnvironment(t *testing.T) {
	at, err := FromEnvironment(environment(map[string]string{
		"TASKSTORAGE_CLUSTER_SOURCE": "/src", "HOME": "/home/a", "XDG_CACHE_HOME": "/cache",
	}))
	if err != nil {
		t.Fatal(err)
	}
	want := Places{Source: "/src", Cache: "/cache/taskstorage/cluster", Clusters: "/home/a/.local/state/taskstorage/clusters"}
	if at != want {
		t.Fatalf("got %+v", at)
	}
}

func TestAMissingHomeIsSaid(t *testing.T) {
	_, err := FromEnvironment(environment(map[string]string{"TASKSTORAGE_CLUSTER_SOURCE": "/src"}))
	if err == nil || !strings.Contains(err.Error(), "HOME is not set") {
		t.Fatalf("got %v", err)
	}
}

func TestNamesCannotLeaveTheFolder(t *testing.T) {
	at := Places{Clusters: "/clusters"}
	for _, name := range []string{"", "..", "a/b", "A", "-a", "a-", strings.Repeat("a", 41), "a\n"} {
		if folder, err := at.Cluster(name); err == nil {
			t.Errorf("%q is in %s", name, folder)
		}
	}
	if folder, err := at.Cluster("a-1"); err != nil || folder != "/clusters/a-1" {
		t.Fatalf("got %s, %v", folder, err)
	}
}

func TestNamesAreTheFolders(t *testing.T) {
	at := Places{Clusters: filepath.Join(t.TempDir(), "clusters")}
	if names, err := at.Names(); err != nil || len(names) != 0 {
		t.Fatalf("got %v, %v", names, err)
	}
	for _, name := range []string{"b", "a", "Not-A-Name"} {
		if err := os.MkdirAll(filepath.Join(at.Clusters, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if names, err := at.Names(); err != nil || !slices.Equal(names, []string{"a", "b"}) {
		t.Fatalf("got %v, %v", names, err)
	}
}
