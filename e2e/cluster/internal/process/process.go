// Package process starts programs that outlive this one, and finds and ends them again.
//
// Reading order: [Start], [Find], [End], [Stop], [Handle].
//
// Invariants:
//
//   - (A) What belongs together carries one mark in its environment from its first instruction on,
//     so that a process is found even if its starter was killed before it could note the number.
//   - (B) A signal goes through a pidfd, and only after the mark was read through the same hold:
//     a stranger that got the number of an ended server is never signalled.
//   - (C) Beside the mark stands the program's name: several that run one executable are told apart.
//   - (D) A started program holds none of the starter's terminals, pipes or files.
package process

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// MarkVariable is the environment variable whose value is the mark.
const MarkVariable = "TASKSTORAGE_CLUSTER"

const nameVariable = "TASKSTORAGE_CLUSTER_PROGRAM"

// A Program is what [Start] starts.
type Program struct {
	// Name tells it from others of its mark: the name of its log file too.
	Name string
	// Path of the executable.
	Path string
	Args []string
	// Folder it runs in.
	Folder string
	// Log file of both its outputs; begun anew unless Appends.
	Log     string
	Appends bool
	// Mark that it carries.
	Mark string
}

// Start starts a program in a session of its own, with all three streams redirected.
func Start(p Program) (*exec.Cmd, error) {
	how := os.O_CREATE | os.O_WRONLY | os.O_APPEND
	if !p.Appends {
		how |= os.O_TRUNC
	}
	log, err := os.OpenFile(p.Log, how, 0o600)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", p.Name, err)
	}
	defer log.Close()
	cmd := exec.Command(p.Path, p.Args...)
	cmd.Dir = p.Folder
	cmd.Env = append(os.Environ(), MarkVariable+"="+p.Mark, nameVariable+"="+p.Name)
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
	// Program is the name that it was started with, as its children are.
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
		if err != nil {
			continue
		}
		if name, ok := carries(pid, mark); ok {
			found = append(found, Marked{PID: pid, Program: name})
		}
	}
	slices.SortFunc(found, func(a, b Marked) int { return a.PID - b.PID })
	return found, nil
}

// carries reads what the process was started with: whether it has the mark, and its name. A zombie
// has nothing left to read.
func carries(pid int, mark string) (string, bool) {
	environ, err := environment(pid)
	if err != nil {
		return "", false
	}
	name, marked := "", false
	for entry := range strings.SplitSeq(string(environ), "\x00") {
		switch variable, value, _ := strings.Cut(entry, "="); variable {
		case MarkVariable:
			marked = marked || value == mark
		case nameVariable:
			name = value
		}
	}
	return name, marked
}

// environment reads it again while the process is between one program and the next: for some
// microseconds of an exec(2) there is none (fs/proc/base.c, environ_read).
func environment(pid int) ([]byte, error) {
	const tries, pause = 20, time.Millisecond
	for try := 0; ; try++ {
		environ, err := environmentNow(pid)
		if err != nil || len(environ) > 0 || try == tries || !runsProgram(pid) {
			return environ, err
		}
		time.Sleep(pause)
	}
}

// environmentNow takes it in one piece: what a second read adds may be of a program that is gone,
// which reads as the end.
func environmentNow(pid int) ([]byte, error) {
	const usual, most = 16 << 10, 4 << 20 // exec(2) takes no more than a quarter of the stack's limit.
	for size := usual; ; size *= 4 {
		environ, err := readOnce(fmt.Sprintf("/proc/%d/environ", pid), size)
		if err != nil || len(environ) < size || size >= most {
			return environ, err
		}
	}
}

func readOnce(path string, size int) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text := make([]byte, size)
	n, err := file.Read(text)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return text[:n], err
}

// runsProgram is false for a thread of the kernel, a zombie and one that is gone.
func runsProgram(pid int) bool {
	const kernelThread = 0x200000 // PF_KTHREAD of include/linux/sched.h
	fields, err := stat(pid)
	if err != nil {
		return false
	}
	flags, err := strconv.ParseUint(fields[flagsField], 10, 64)
	return err == nil && flags&kernelThread == 0 && fields[stateField] != "Z" && fields[stateField] != "X"
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
		if _, ok := carries(marked.PID, mark); !ok {
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

// Stop sends a signal to the programs of the mark that have the name, and waits until they are gone.
// It returns how many there were.
func Stop(mark string, name string, signal syscall.Signal, limit time.Duration) (int, error) {
	found, err := Find(mark)
	if err != nil {
		return 0, err
	}
	count := 0
	deadline := time.Now().Add(limit)
	for _, marked := range found {
		if marked.Program != name {
			continue
		}
		if err := stop(marked, mark, signal, deadline); err != nil {
			return count, fmt.Errorf("end process %d (%s): %w", marked.PID, name, err)
		}
		count++
	}
	return count, nil
}

func stop(marked Marked, mark string, signal syscall.Signal, deadline time.Time) error {
	handle, err := Open(marked.PID)
	if errors.Is(err, ErrGone) {
		return nil
	}
	if err != nil {
		return err
	}
	defer handle.Close()
	if _, ok := carries(marked.PID, mark); !ok {
		return nil
	}
	if err := handle.Signal(signal); err != nil {
		return err
	}
	if !handle.Gone(time.Until(deadline)) {
		return fmt.Errorf("it is still there after signal %q: end it by kill instead of stop", signal)
	}
	return nil
}

// Places in /proc/PID/stat behind the program's name (proc_pid_stat(5), where they begin with 3).
const (
	stateField     = 0
	flagsField     = 9 - 3
	startTimeField = 22 - 3
)

// stat reads the fields behind the program's name, which is in parentheses and may have spaces.
func stat(pid int) ([]string, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
		return nil, ErrGone
	}
	if err != nil {
		return nil, fmt.Errorf("read state of process %d: %w", pid, err)
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) <= startTimeField {
		return nil, fmt.Errorf("read state of process %d: unexpected %q", pid, text)
	}
	return fields, nil
}

// StartTime tells when a process began, in the kernel's ticks since boot: with its number it names
// one process for ever.
func StartTime(pid int) (uint64, error) {
	fields, err := stat(pid)
	if err != nil {
		return 0, err
	}
	return strconv.ParseUint(fields[startTimeField], 10, 64)
}
