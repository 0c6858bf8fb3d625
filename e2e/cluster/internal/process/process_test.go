package process

import (
	"os"
	"strings"
	"testing"
	"time"
)

func TestStartedProcessRunsUntilItIsEnded(t *testing.T) {
	started, err := Start(t.TempDir(), "sleeper", "/bin/sleep", "1000")
	if err != nil {
		t.Fatal(err)
	}
	if !started.Runs() {
		t.Fatal("it does not run")
	}
	if err := started.End(time.Minute); err != nil {
		t.Fatal(err)
	}
	if started.Runs() {
		t.Fatal("it still runs")
	}
}

func TestEndKillsWhatDoesNotListen(t *testing.T) {
	folder := t.TempDir()
	started, err := Start(folder, "deaf", "/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done")
	if err != nil {
		t.Fatal(err)
	}
	for !strings.Contains(read(t, LogPath(folder, "deaf")), "ready") {
		time.Sleep(time.Millisecond)
	}
	if err := started.End(time.Second); err != nil {
		t.Fatal(err)
	}
	if started.Runs() {
		t.Fatal("it still runs")
	}
}

func TestAnotherProcessOfTheSameNumberIsLeftAlone(t *testing.T) {
	self, err := Of("self", os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	stranger := Process{Name: "stranger", Pid: self.Pid, Start: self.Start - 1}
	if stranger.Runs() {
		t.Fatal("took it for the one that was started")
	}
	if err := stranger.End(time.Second); err != nil {
		t.Fatal(err)
	}
}

func TestOutputGoesToTheLog(t *testing.T) {
	folder := t.TempDir()
	if _, err := Start(folder, "speaker", "/bin/sh", "-c", "echo out; echo err >&2; sleep 1000 & sleep 0.1; kill $!"); err != nil {
		t.Fatal(err)
	}
	for !strings.Contains(read(t, LogPath(folder, "speaker")), "out\nerr\n") {
		time.Sleep(time.Millisecond)
	}
}

func TestWhatIsNotThereCannotBeStarted(t *testing.T) {
	_, err := Start(t.TempDir(), "nothing", "/nonexistent")
	if err == nil || !strings.HasPrefix(err.Error(), "start nothing: ") {
		t.Fatalf("got %v", err)
	}
}

func read(t *testing.T, path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
