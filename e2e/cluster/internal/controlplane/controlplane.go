// Package controlplane starts the servers of a Kubernetes control plane and waits until they serve.
//
// Reading order: [Plane], [Plane.Start]; files.go (keys and tokens), servers.go (flags), ready.go.
//
// Invariants:
//
//   - (A) Every server listens on the loopback address alone.
//   - (B) What Start began and could not finish, it ends.
//   - (C) Every wait is for a condition; a server that ended fails the wait at once.
package controlplane

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"taskstorage.io/e2e/cluster/internal/process"
	"taskstorage.io/e2e/cluster/internal/state"
)

// Limit of all waits together: only a broken machine reaches it.
const limit = 3 * time.Minute

// A Plane is the control plane of one cluster.
type Plane struct {
	Cluster state.Cluster
	Bin     string
	Ports   state.Ports
	// Managed tells whether a controller manager and a scheduler are among the programs.
	Managed bool
}

// ErrPortTaken tells that another program took a port between its choice and its use.
var ErrPortTaken = errors.New("a port was taken meanwhile")

// Start starts all servers and waits until they are ready. On failure none is left.
func (p Plane) Start(ctx context.Context) error {
	err := p.start(ctx)
	if err == nil {
		return nil
	}
	return errors.Join(err, process.End(p.Cluster.Folder, limit))
}

func (p Plane) start(ctx context.Context) error {
	files, err := p.writeFiles()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit,
		fmt.Errorf("not ready within %s: the machine may be overloaded", limit))
	defer cancel()
	// Each group needs the one before; within a group they come up side by side.
	groups := [][]server{{p.etcd(), p.apiServer(files)}}
	if p.Managed {
		groups = append(groups, []server{p.controllerManager(files), p.scheduler()})
	}
	var started []*running
	for _, group := range groups {
		for _, s := range group {
			one, err := p.run(s)
			if err != nil {
				return err
			}
			started = append(started, one)
		}
		for _, s := range group {
			if err := p.await(ctx, s, started); err != nil {
				return err
			}
		}
	}
	return nil
}

// A server is one program of the plane.
type server struct {
	name string
	args []string
	// ready asks whether it serves: nil, or why not yet.
	ready func(context.Context) error
}

// A running server has ended once the channel is closed.
type running struct {
	name  string
	cmd   *exec.Cmd
	ended chan struct{}
}

func (p Plane) log(name string) string { return p.Cluster.File("logs", name+".log") }

func (p Plane) run(s server) (*running, error) {
	cmd, err := process.Start(process.Program{
		Name:   s.name,
		Path:   filepath.Join(p.Bin, s.name),
		Args:   s.args,
		Folder: p.Cluster.Folder,
		Log:    p.log(s.name),
		Mark:   p.Cluster.Folder,
	})
	if err != nil {
		return nil, err
	}
	one := &running{s.name, cmd, make(chan struct{})}
	go func() {
		_ = cmd.Wait()
		close(one.ended)
	}()
	return one, nil
}

// await asks until the server is ready, or one of all has ended, or there is no more time.
func (p Plane) await(ctx context.Context, s server, all []*running) error {
	ticks := time.NewTicker(25 * time.Millisecond)
	defer ticks.Stop()
	for {
		last := s.ready(ctx)
		if last == nil {
			return nil
		}
		for _, one := range all {
			select {
			case <-one.ended:
				return p.failed(one.name, one.cmd.ProcessState.String())
			default:
			}
		}
		select {
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.Canceled) {
				return context.Cause(ctx)
			}
			return p.failed(s.name, fmt.Sprintf("%v (last answer: %v)", context.Cause(ctx), last))
		case <-ticks.C:
		}
	}
}

const tailLines = 12

// failed tells the end of the log that matters.
func (p Plane) failed(name string, cause string) error {
	text, err := os.ReadFile(p.log(name))
	if err != nil {
		return fmt.Errorf("start %s: %s: its log cannot be read: %w", name, cause, err)
	}
	problem := fmt.Errorf("start %s: %s: see the end of %s:\n%s", name, cause, p.log(name), tail(text))
	if bytes.Contains(text, []byte("address already in use")) {
		return fmt.Errorf("%w: %w", ErrPortTaken, problem)
	}
	return problem
}

func tail(text []byte) string {
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) > tailLines {
		lines = lines[len(lines)-tailLines:]
	}
	for i, line := range lines {
		if len(line) > 400 {
			line = line[:400] + " ..."
		}
		lines[i] = "  " + line
	}
	return strings.Join(lines, "\n")
}
