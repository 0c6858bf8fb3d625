package build

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// programs makes a folder as a build leaves one, last used some days ago.
func programs(t *testing.T, c Cache, name string, days int) string {
	t.Helper()
	bin := filepath.Join(c.Folder, name)
	if err := os.MkdirAll(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	sleep, err := os.ReadFile("/bin/sleep")
	if err == nil {
		err = os.WriteFile(filepath.Join(bin, "etcd"), sleep, 0o755)
	}
	used := time.Now().Add(-time.Duration(days) * 24 * time.Hour)
	if err == nil {
		err = os.Chtimes(bin, used, used)
	}
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func TestPruneRemovesWhatNobodyUsedForLong(t *testing.T) {
	var said strings.Builder
	c := cache(t, &said)
	old := programs(t, c, "1.36.1-0123456789ab", 31)
	recent := programs(t, c, "1.36.2-0123456789ab", 29)
	halfGone := programs(t, c, ".1.35.0-0123456789ab-unused", 0)
	other := programs(t, c, "mine", 400)

	c.prune(time.Now())

	if exists(old) || exists(halfGone) || !exists(recent) || !exists(other) {
		t.Errorf("left: %s", names(t, c.Folder))
	}
	if said.String() != "removed 1.36.1-0123456789ab: not used for 30 days\n" {
		t.Errorf("said %q", said.String())
	}
}

func TestPruneLeavesWhatRuns(t *testing.T) {
	var said strings.Builder
	c := cache(t, &said)
	bin := programs(t, c, "1.36.1-0123456789ab", 31)
	running := exec.Command(filepath.Join(bin, "etcd"), "1000")
	if err := running.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = running.Process.Kill()
		_ = running.Wait()
	})

	c.prune(time.Now())
	if !exists(bin) {
		t.Error("removed while it runs")
	}

	_ = running.Process.Kill()
	_ = running.Wait()
	c.prune(time.Now())
	if exists(bin) {
		t.Error("left although it runs no more")
	}
}

func TestPruneLeavesWhatSomebodyIsAboutToUse(t *testing.T) {
	var said strings.Builder
	c := cache(t, &said)
	bin := programs(t, c, "1.36.1-0123456789ab", 31)
	lock, err := os.OpenFile(bin+".lock", os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}

	c.prune(time.Now())

	if !exists(bin) || said.String() != "" {
		t.Errorf("left %s, said %q", names(t, c.Folder), said.String())
	}
}

func TestUseIsNoted(t *testing.T) {
	c := cache(t, io.Discard)
	r := small(t, program)
	bin, err := c.Ensure(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-40 * 24 * time.Hour)
	if err := os.Chtimes(bin, long, long); err != nil {
		t.Fatal(err)
	}

	again, err := c.Ensure(context.Background(), r)
	c.prune(time.Now())

	if err != nil || again != bin || !exists(bin) {
		t.Errorf("got %s, %v; left %s", again, err, names(t, c.Folder))
	}
}

func TestBuildRemovesOldKeys(t *testing.T) {
	c := cache(t, io.Discard)
	old := programs(t, c, "1.36.1-0123456789ab", 31)

	bin, err := c.Ensure(context.Background(), small(t, program))

	if err != nil || !exists(bin) || exists(old) {
		t.Errorf("got %s, %v; left %s", bin, err, names(t, c.Folder))
	}
}

func TestWhatWasRemovedMeanwhileIsBuiltAgain(t *testing.T) {
	c := cache(t, io.Discard)
	if c.use(context.Background(), filepath.Join(t.TempDir(), "gone")) {
		t.Error("used what is gone")
	}
}
