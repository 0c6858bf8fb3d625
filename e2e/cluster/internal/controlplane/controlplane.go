// Package controlplane starts the servers of a Kubernetes control plane and waits until they serve.
//
// Reading order: [Plane], [Plane.Start]; files.go (keys and tokens), servers.go (flags), ready.go.
//
// Invariants:
//
//   - (A) Every server listens on the loopback address alone.
//   - (B) What Start began and could not finish, it ends.
//   - (C) Every wait is for a condition.
package controlplane

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"taskstorage.io/e2e/cluster/internal/process"
	"taskstorage.io/e2e/cluster/internal/server"
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
	// Nodeless tells that no kubelet keeps the nodes there are: nobody may find them unreachable.
	Nodeless bool
	// Nodes that have kubelets, by name.
	Nodes []string
}

// Start starts all servers and waits until they are ready. On failure none is left.
func (p Plane) Start(ctx context.Context) error {
	err := p.start(ctx)
	if err == nil {
		return nil
	}
	return errors.Join(err, process.End(p.Cluster.Folder, limit))
}

func (p Plane) start(ctx context.Context) error {
	if err := p.writeFiles(); err != nil {
		return err
	}
	ctx, cancel := WithLimit(ctx)
	defer cancel()
	// Each group needs the one before; within a group they come up side by side.
	groups := [][]server.Server{{p.etcd(), p.apiServer()}}
	if p.Managed {
		groups = append(groups, []server.Server{p.controllerManager(), p.scheduler()})
	}
	var started []*server.Running
	for _, group := range groups {
		begin := len(started)
		for _, s := range group {
			one, err := server.Start(p.Cluster, s, false)
			if err != nil {
				return err
			}
			started = append(started, one)
		}
		for _, one := range started[begin:] {
			if err := server.Await(ctx, one, started); err != nil {
				return err
			}
		}
	}
	return nil
}

// WithLimit limits the time that servers may take to come up.
func WithLimit(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, limit,
		fmt.Errorf("not ready within %s: the machine may be overloaded", limit))
}

// StartAPIServer starts the API server of a plane whose other servers run, and waits until it is
// ready.
func (p Plane) StartAPIServer(ctx context.Context) error {
	return p.startAlone(ctx, p.apiServer())
}

// StartStore starts the store of a plane whose API server waits for it, and waits until it is ready.
func (p Plane) StartStore(ctx context.Context) error {
	return p.startAlone(ctx, p.etcd())
}

func (p Plane) startAlone(ctx context.Context, s server.Server) error {
	ctx, cancel := WithLimit(ctx)
	defer cancel()
	one, err := server.Start(p.Cluster, s, true)
	if err != nil {
		return err
	}
	return server.Await(ctx, one, []*server.Running{one})
}

func (p Plane) program(name string) string { return filepath.Join(p.Bin, name) }
