// Package process starts, recognises and ends servers that outlive whoever started them.
//
// A process is known by its number and the time it started: numbers are used again, and a stranger
// must never be ended.
package process

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Process is one that was started here, perhaps by an earlier run of this program.
type Process struct {
	Name string `json:"name"`
	Pid  int    `json:"pid"`
	// Start is field 22 of /proc/PID/stat: clock ticks since the machine started.
	Start uint64 `json:"start"`
}

// Start runs a program detached: in a session of its own, its output in folder/NAME.log, its
// input empty. Nothing of this process's terminal or pipes is left to it.
func Start(folder, name, program string, args ...string) (Process, error) {
	log, err := os.OpenFile(LogPath(folder, name), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return Process{}, fmt.Errorf("start %s: %w", name, err)
	}
	defer log.Close()
	command := exec.Command(program, args...)
	command.Stdout, command.Stderr = log, log
	command.Dir = folder
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := command.Start(); err != nil {
		return Process{}, fmt.Errorf("start %s: %w", name, err)
	}
	start, err := startOf(command.Process.Pid)
	if err != nil {
		return Process{}, fmt.Errorf("start %s: it ended at once: read %s", name, LogPath(folder, name))
	}
	// While this program lives it is the parent, and an ended child stays a zombie until waited for.
	go command.Wait()
	return Process{Name: name, Pid: command.Process.Pid, Start: start}, nil
}

// Of describes a process that runs now.
func Of(name string, pid int) (Process, error) {
	start, err := startOf(pid)
	if err != nil {
		return Process{}, fmt.Errorf("find process %d: it does not run: name one that does", pid)
	}
	return Process{Name: name, Pid: pid, Start: start}, nil
}

// Runs tells whether it is still there, and is still itself.
func (p Process) Runs() bool {
	start, err := startOf(p.Pid)
	return err == nil && start == p.Start
}

// End asks it to end, and kills it when it has not within the limit.
func (p Process) End(limit time.Duration) error {
	if !p.Runs() {
		return nil
	}
	if err := p.signal(syscall.SIGTERM, limit); err != nil {
		return err
	}
	if !p.Runs() {
		return nil
	}
	if err := p.signal(syscall.SIGKILL, limit); err != nil {
		return err
	}
	if p.Runs() {
		return fmt.Errorf("end %s: process %d does not end: look at its state in /proc/%d/stack", p.Name, p.Pid, p.Pid)
	}
	return nil
}

func (p Process) signal(signal syscall.Signal, limit time.Duration) error {
	if err := syscall.Kill(p.Pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("end %s: process %d: %w", p.Name, p.Pid, err)
	}
	for end := time.Now().Add(limit); p.Runs() && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	return nil
}

// LogPath is where a process of this name writes.
func LogPath(folder, name string) string {
	return filepath.Join(folder, name+".log")
}

// startOf fails for a process that is gone, and for one that has ended and was not waited for.
func startOf(pid int) (uint64, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// The name in parentheses may hold anything, parentheses and spaces included.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 20 || fields[0] == "Z" || fields[0] == "X" {
		return 0, os.ErrProcessDone
	}
	return strconv.ParseUint(fields[19], 10, 64)
}
