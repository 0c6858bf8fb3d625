package build

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"taskstorage.io/e2e/cluster/internal/progress"
	"taskstorage.io/e2e/cluster/internal/release"
)

const (
	module  = "module example.test/k\n\ngo 1.26.0\n"
	program = "package main\n\nfunc main() {}\n"
)

// small is a release of two programs that need nothing but Go.
func small(t *testing.T, second string) release.Release {
	t.Helper()
	folder := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": module, "go.sum": "", "etcd/main.go": program, "kubectl/main.go": second,
	} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return release.Release{
		Product: "Kubernetes", Minor: "1.99", Version: "v1.99.1", Folder: folder,
		Programs: []release.Program{
			{Name: "etcd", Package: "example.test/k/etcd"},
			{Name: "kubectl", Package: "example.test/k/kubectl"},
		},
	}
}

func cache(t *testing.T, out io.Writer) Cache {
	t.Helper()
	return Cache{Folder: filepath.Join(t.TempDir(), "cache"), Go: "go", Progress: progress.Plain(out)}
}

func names(t *testing.T, folder string) string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, entry := range entries {
		all = append(all, entry.Name())
	}
	return strings.Join(all, " ")
}

func TestBuildsOnceAndShowsProgress(t *testing.T) {
	var out strings.Builder
	c := cache(t, &out)
	r := small(t, program)

	bin, err := c.Ensure(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}

	if got := names(t, bin); got != "etcd kubectl" {
		t.Errorf("built %s", got)
	}
	key := filepath.Base(bin)
	if got := names(t, c.Folder); got != key+" "+key+".lock" || !strings.HasPrefix(key, "1.99.1-") {
		t.Errorf("cache has %s", got)
	}
	for _, want := range []string{
		"build Kubernetes v1.99.1 into " + c.Folder + ": the first time takes several minutes\n",
		"build etcd (1 of 2) ...\n", "build kubectl (2 of 2): 1 MiB in ",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	said := out.Len()
	if again, err := c.Ensure(context.Background(), r); err != nil || again != bin || out.Len() != said {
		t.Errorf("again: %s, %v, %s", again, err, out.String())
	}
}

func TestOtherInputsAreAnotherBuild(t *testing.T) {
	c := cache(t, io.Discard)
	r := small(t, program)
	first, built, err := c.Find(r)
	if err != nil || built {
		t.Fatalf("%v, %v", built, err)
	}
	if err := os.WriteFile(filepath.Join(r.Folder, "go.sum"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	second, _, _ := c.Find(r)
	r.Minor = "1.98"
	third, _, _ := c.Find(r)
	r.Programs = r.Programs[:1]
	fourth, _, _ := c.Find(r)
	if first == second || second == third || third == fourth {
		t.Errorf("%s, %s, %s, %s", first, second, third, fourth)
	}
}

func TestFailedBuildLeavesNothingAndSaysWhy(t *testing.T) {
	c := cache(t, io.Discard)
	r := small(t, "package main\n\nfunc main() { wrong }\n")

	_, err := c.Ensure(context.Background(), r)

	want := "build kubectl v1.99.1: exit status 1:\n  # example.test/k/kubectl\n" +
		"  kubectl/main.go:3:15: undefined: wrong\n" +
		"the lines above say why; what was built is kept, a second try goes on from there"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	if got := names(t, c.Folder); !strings.HasSuffix(got, ".lock") || strings.Contains(got, " ") {
		t.Errorf("left %s", got)
	}
}

func TestMissingLibraryIsSaidBeforeTheBuild(t *testing.T) {
	c := cache(t, io.Discard)
	r := small(t, program)
	r.Programs[1].Library = "libnone"
	_, err := c.Ensure(context.Background(), r)
	if err == nil || !strings.HasPrefix(err.Error(), "build kubectl v1.99.1: ") ||
		!strings.HasSuffix(err.Error(), ": run tools/test-packages") {
		t.Errorf("got %v", err)
	}
}

func TestBuildThatWasKilledIsClearedAway(t *testing.T) {
	c := cache(t, io.Discard)
	r := small(t, program)
	bin, _, err := c.Find(r)
	if err != nil {
		t.Fatal(err)
	}
	stale := filepath.Join(c.Folder, "."+filepath.Base(bin)+"-1")
	if err := os.MkdirAll(filepath.Join(stale, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Ensure(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	if got := names(t, c.Folder); strings.Contains(got, ".1.99.1") {
		t.Errorf("left %s", got)
	}
}

func TestTwoAtOnceBuildOnce(t *testing.T) {
	c := cache(t, io.Discard)
	r := small(t, program)
	results := make(chan error)
	for range 2 {
		go func() {
			_, err := c.Ensure(context.Background(), r)
			results <- err
		}()
	}
	for range 2 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}

func TestWaitingForAnotherBuildCanBeInterrupted(t *testing.T) {
	var out strings.Builder
	c := cache(t, &out)
	bin := filepath.Join(c.Folder, "x")
	if err := os.MkdirAll(c.Folder, 0o755); err != nil {
		t.Fatal(err)
	}
	unlock, err := c.lock(context.Background(), bin, syscall.LOCK_EX)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	stop := errors.New("stopped")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(stop)
	if _, err := c.lock(ctx, bin, syscall.LOCK_EX); !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
	if want := "another process builds x: waiting ...\n"; out.String() != want {
		t.Errorf("said %q", out.String())
	}
}

func TestInterruptedBuildEndsItsCompilers(t *testing.T) {
	stop := errors.New("stopped")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(stop)
	c := cache(t, io.Discard)
	if _, err := c.Ensure(ctx, small(t, program)); !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
}

func TestFailuresSayHowToMend(t *testing.T) {
	err := errors.New("exit status 1")
	for said, mend := range map[string]string{
		"go: go.mod requires go >= 1.26.0 (running go 1.24.1; GOTOOLCHAIN=local)": "install a newer Go",
		"go: downloading a v1\nlink: write x: no space left on device":            "make room",
		"a@v1: Get \"x\": dial tcp: lookup p: no such host":                       "check the network",
		"a@v1: reading x: 502 Bad Gateway":                                        "check the network",
		"verifying a@v1: checksum mismatch":                                       "go clean -modcache",
		"mkdir /x: permission denied":                                             "make the named folder writable",
		"k8s.io/x: /go/compile: signal: killed":                                   "GOFLAGS=-p=1",
		"something else":                                                          "a second try goes on",
	} {
		got := failure("build x", err, said).Error()
		if !strings.HasPrefix(got, "build x: exit status 1:\n  ") || !strings.Contains(got, mend) ||
			strings.Contains(got, "downloading") {
			t.Errorf("%s: got %s", said, got)
		}
	}
}

func TestFolderFollowsTheEnvironment(t *testing.T) {
	for _, c := range []struct{ cacheHome, home, want string }{
		{"/c", "/h", "/c/taskstorage/kubernetes"},
		{"", "/h", "/h/.cache/taskstorage/kubernetes"},
		{"", "", ""},
	} {
		got, err := Folder(func(name string) string {
			return map[string]string{"XDG_CACHE_HOME": c.cacheHome, "HOME": c.home}[name]
		})
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%+v: got %s, %v", c, got, err)
		}
	}
}
