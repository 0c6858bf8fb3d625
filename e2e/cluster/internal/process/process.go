// Package process starts programs that outlive this one, and finds and ends them again.
//
// Reading order: [Start], [Find], [End], [Handle].
//
// Invariants:
//
//   - (A) What belongs together carries one mark in its environment from its first instruction on,
//     so that a process is found even if its starter was killed before it could note the number.
//   - (B) A signal goes through a pidfd, and only after the mark was read through the same hold:
//     a stranger that got the number of an ended server is never signalled.
//   - (C) A started program holds none of the starter's terminals, pipes or files.
package process

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// MarkVariable is the environment variable whose value is the mark.
const MarkVariable = "TASKSTORAGE_CLUSTER"

// A Program is what [Start] starts.
type Program struct {
	// Name tells it from others of its mark: the name of its log file too.
	Name string
	// Path of the executable.
	Path string
	Args []string
	// Folder it runs in.
	Folder string
	// Log file of both its outputs; begun anew.
	Log string
	// Mark that it carries.
	Mark string
}

// Start starts a program in a session of its own, with all three streams redirected.
func Start(p Program) (*exec.Cmd, error) {
	log, err := os.OpenFile(p.Log, os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", p.Name, err)
	}
	defer log.Close()
	cmd := exec.Command(p.Path, p.Args...)
	cmd.Dir = p.Folder
	cmd.Env = append(os.Environ(), MarkVariable+"="+p.Mark)
	cmd.Stdout = log
	cmd.Stderr = log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", p.Name, err)
	}
	return cmd, nil
}

// A Marked process runs and carries a mark.
type Marked struct {
	PID int
	// Program is the file name of its first argument.
	Program string
}

// Find lists the processes that carry the mark, by number. Other users' are invisible.
func Find(mark string) ([]Marked, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, fmt.Errorf("find processes: %w", err)
	}
	var found []Marked
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil || !carries(pid, mark) {
			continue
		}
		found = append(found, Marked{PID: pid, Program: programOf(pid)})
	}
	slices.SortFunc(found, func(a, b Marked) int { return a.PID - b.PID })
	return found, nil
}

// carries reads what the process was started with. A zombie has nothing left to read.
func carries(pid int, mark string) bool {
	environ, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	if err != nil {
		return false
	}
	wanted := []byte(MarkVariable + "=" + mark)
	return slices.ContainsFunc(bytes.Split(environ, []byte{0}), func(entry []byte) bool {
		return bytes.Equal(entry, wanted)
	})
}

func programOf(pid int) string {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return ""
	}
	first, _, _ := strings.Cut(string(line), "\x00")
	return filepath.Base(first)
}

// End kills every process that carries the mark, except this one, and waits until they are gone.
// It looks again until there is none: one that is being started meanwhile is ended too.
func End(mark string, limit time.Duration) error {
	deadline := time.Now().Add(limit)
	for {
		found, err := Find(mark)
		if err != nil {
			return err
		}
		found = slices.DeleteFunc(found, func(m Marked) bool { return m.PID == os.Getpid() })
		if len(found) == 0 {
			return nil
		}
		if err := endAll(found, mark, deadline); err != nil {
			return err
		}
	}
}

func endAll(found []Marked, mark string, deadline time.Time) error {
	var held []Handle
	defer func() {
		for _, handle := range held {
			handle.Close()
		}
	}()
	for _, marked := range found {
		handle, err := Open(marked.PID)
		if errors.Is(err, ErrGone) {
			continue
		}
		if err != nil {
			return err
		}
		held = append(held, handle)
		if !carries(marked.PID, mark) {
			continue
		}
		if err := handle.Kill(); err != nil {
			return fmt.Errorf("end process %d (%s): %w", marked.PID, marked.Program, err)
		}
		if !handle.Gone(time.Until(deadline)) {
			return fmt.Errorf("end process %d (%s): it is still there after SIGKILL:"+
				" see what it waits for: cat /proc/%d/stack", marked.PID, marked.Program, marked.PID)
		}
	}
	return nil
}

// StartTime tells when a process began, in the kernel's ticks since boot: with its number it names
// one process for ever.
func StartTime(pid int) (uint64, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
		return 0, ErrGone
	}
	if err != nil {
		return 0, fmt.Errorf("read start time of process %d: %w", pid, err)
	}
	// The program's name, in parentheses, may have spaces: count from its end.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	const startTimeField = 22 - 3
	if len(fields) <= startTimeField {
		return 0, fmt.Errorf("read start time of process %d: unexpected %q", pid, stat)
	}
	return strconv.ParseUint(fields[startTimeField], 10, 64)
}
