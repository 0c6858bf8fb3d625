package process

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const limit = time.Minute

func start(t *testing.T, mark string, script string) *exec.Cmd {
	t.Helper()
	folder := t.TempDir()
	cmd, err := Start(Program{
		Name: "sh", Path: "/bin/sh", Args: []string{"-c", script},
		Folder: folder, Log: filepath.Join(folder, "log"), Mark: mark,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return cmd
}

func TestFindSeesOnlyTheMark(t *testing.T) {
	mark := t.TempDir()
	cmd := start(t, mark, "exec sleep 1000")
	start(t, mark+"x", "exec sleep 1000")

	found, err := Find(mark)

	if err != nil || len(found) != 1 || found[0].PID != cmd.Process.Pid {
		t.Fatalf("found %v, %v; want process %d alone", found, err, cmd.Process.Pid)
	}
}

func TestFindSeesAProcessThatGoesFromProgramToProgram(t *testing.T) {
	mark := t.TempDir()
	script := filepath.Join(mark, "again")
	text := "#!/bin/sh\n[ \"$1\" -gt 0 ] && exec \"$0\" $(($1 - 1))\nexec sleep 1000\n"
	if err := os.WriteFile(script, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := start(t, mark, "exec "+script+" 300")

	for i := range 300 {
		found, err := Find(mark)
		if err != nil || len(found) != 1 || found[0].PID != cmd.Process.Pid {
			t.Fatalf("look %d: found %v, %v; want process %d alone", i, found, err, cmd.Process.Pid)
		}
	}
}

func TestEndEndsChildrenTooAndNobodyElse(t *testing.T) {
	mark := t.TempDir()
	cmd := start(t, mark, "sleep 1000 & sleep 1000")
	other := start(t, mark+"x", "exec sleep 1000")

	if err := End(mark, limit); err != nil {
		t.Fatal(err)
	}

	if found, _ := Find(mark); len(found) != 0 {
		t.Errorf("still there: %v", found)
	}
	if err := cmd.Wait(); err == nil || err.Error() != "signal: killed" {
		t.Errorf("the program ended with %v", err)
	}
	if found, _ := Find(mark + "x"); len(found) != 1 || found[0].PID != other.Process.Pid {
		t.Errorf("the other's processes are %v", found)
	}
}

func TestStartLeavesNothingOfTheStarter(t *testing.T) {
	folder := t.TempDir()
	log := filepath.Join(folder, "log")
	cmd, err := Start(Program{
		Name: "sh", Path: "/bin/sh", Folder: folder, Log: log, Mark: folder,
		Args: []string{"-c", "readlink /proc/self/fd/0; pwd; cut -d' ' -f6 /proc/$$/stat; echo $$"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}

	written, _ := os.ReadFile(log)
	lines := strings.Fields(string(written))
	if len(lines) != 4 || lines[0] != "/dev/null" || lines[1] != folder || lines[2] != lines[3] {
		t.Errorf("input, folder, session, number: %q", lines)
	}
}

func TestStartSaysWhatIsMissing(t *testing.T) {
	folder := t.TempDir()
	_, err := Start(Program{Name: "etcd", Path: folder + "/etcd", Folder: folder, Log: folder + "/log"})

	want := "start etcd: fork/exec " + folder + "/etcd: no such file or directory"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestHandleOfAnEndedProcess(t *testing.T) {
	cmd := start(t, t.TempDir(), "exec sleep 1000")
	handle, err := Open(cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	defer handle.Close()
	if handle.Gone(0) {
		t.Error("gone while it runs")
	}
	if err := handle.Kill(); err != nil {
		t.Fatal(err)
	}
	if !handle.Gone(limit) {
		t.Error("not gone after SIGKILL")
	}
	_ = cmd.Wait()
	if err := handle.Kill(); err != nil {
		t.Errorf("killing what is gone: %v", err)
	}
	if _, err := Open(cmd.Process.Pid); !errors.Is(err, ErrGone) {
		t.Errorf("opening what is gone: %v", err)
	}
}

func TestStartTimeNamesOneProcess(t *testing.T) {
	cmd := start(t, t.TempDir(), "exec sleep 1000")
	first, err := StartTime(cmd.Process.Pid)
	again, _ := StartTime(cmd.Process.Pid)
	own, _ := StartTime(os.Getpid())
	if err != nil || first == 0 || first != again || own > first {
		t.Errorf("first %d (%v), again %d, own %d", first, err, again, own)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	if _, err := StartTime(cmd.Process.Pid); !errors.Is(err, ErrGone) {
		t.Errorf("start time of what is gone: %v", err)
	}
}
