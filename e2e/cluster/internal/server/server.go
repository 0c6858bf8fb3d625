// Package server starts programs of a cluster that serve, and waits until they do.
//
// Reading order: [Server], [Start], [Await].
//
// Invariant: a program that ended, whichever of those watched, fails the wait at once, with the end
// of its log.
package server

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"taskstorage.io/e2e/cluster/internal/process"
	"taskstorage.io/e2e/cluster/internal/state"
)

// A Server is one program.
type Server struct {
	Name string
	// Path of the executable.
	Path string
	Args []string
	// Ready asks whether it serves: nil, or why not yet.
	Ready func(context.Context) error
	// Every is how often it is asked: 25 ms unless given.
	Every time.Duration
}

const usualEvery = 25 * time.Millisecond

// A Running server has ended once the channel is closed.
type Running struct {
	server  Server
	cluster state.Cluster
	cmd     *exec.Cmd
	ended   chan struct{}
}

// ErrPortTaken tells that another program took a port between its choice and its use.
var ErrPortTaken = errors.New("a port was taken meanwhile")

// Log is the file with what a program of the cluster writes.
func Log(cluster state.Cluster, name string) string { return cluster.File("logs", name+".log") }

// Start starts it in the cluster's folder, under the cluster's mark. Its log goes on where it
// appends, else is begun anew.
func Start(cluster state.Cluster, s Server, appends bool) (*Running, error) {
	cmd, err := process.Start(process.Program{
		Name: s.Name, Path: s.Path, Args: s.Args, Folder: cluster.Folder,
		Log: Log(cluster, s.Name), Appends: appends, Mark: cluster.Folder,
	})
	if err != nil {
		return nil, err
	}
	one := &Running{s, cluster, cmd, make(chan struct{})}
	go func() {
		_ = cmd.Wait()
		close(one.ended)
	}()
	return one, nil
}

// Await asks until it is ready, or one of all has ended, or there is no more time.
func Await(ctx context.Context, awaited *Running, all []*Running) error {
	ticks := time.NewTicker(cmp.Or(awaited.server.Every, usualEvery))
	defer ticks.Stop()
	for {
		last := awaited.server.Ready(ctx)
		if last == nil {
			return nil
		}
		for _, one := range all {
			select {
			case <-one.ended:
				return one.failed(one.cmd.ProcessState.String())
			default:
			}
		}
		select {
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.Canceled) {
				return context.Cause(ctx)
			}
			return awaited.failed(fmt.Sprintf("%v (last answer: %v)", context.Cause(ctx), last))
		case <-ticks.C:
		}
	}
}

const tailLines = 12

// failed tells the end of the log that matters.
func (r *Running) failed(cause string) error {
	log := Log(r.cluster, r.server.Name)
	text, err := os.ReadFile(log)
	if err != nil {
		return fmt.Errorf("start %s: %s: its log cannot be read: %w", r.server.Name, cause, err)
	}
	problem := fmt.Errorf("start %s: %s: see the end of %s:\n%s", r.server.Name, cause, log, tail(text))
	if bytes.Contains(text, []byte("address already in use")) ||
		bytes.Contains(text, []byte("Could not set up host forwarding rule")) {
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
