// Package node runs the nodes of a cluster: virtual machines, each with a kernel of Debian, containerd
// and a kubelet.
//
// Reading order: [Node], [Node.Start], [Node.Ready]; machine.go (kernel, memory, QEMU), files.go and
// guest.sh (what the machine is given, and does), images.go.
//
// Invariants:
//
//   - (A) A machine cannot change files of this one but those of its two folders: its share and its
//     logs. Everything else that it writes is gone with it.
//   - (B) A machine is one process of the cluster's, under its mark: with it all of the node ends.
//   - (C) Nobody reaches a kubelet from here without the key that the API server has.
//   - (D) A machine that is started again is another boot of the same Node, with the images that were
//     loaded into it.
package node

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"taskstorage.io/e2e/cluster/internal/api"
	"taskstorage.io/e2e/cluster/internal/process"
	"taskstorage.io/e2e/cluster/internal/server"
	"taskstorage.io/e2e/cluster/internal/state"
)

// Most nodes that one machine runs: each takes CPUs for its emulation, and memory.
const Most = 3

// Limit of the time until a node is ready: only a broken machine reaches it.
const Limit = 15 * time.Minute

// A Node is one node of a cluster.
type Node struct {
	state.Node
	Cluster  state.Cluster
	Machines state.Machines
	// Kernels is the folder of e2e/kernels.
	Kernels string
	Client  api.Client
	// APIPort is the API server's, on this machine's loopback address.
	APIPort int
}

// Share is the folder that host and machine have in common.
func (n Node) Share() string { return n.Cluster.File("nodes", n.Name()) }

// Logs is the folder of what the machine's programs write. It outlives a start that fails.
func (n Node) Logs() string { return n.Cluster.File("logs", n.Name()) }

// Start boots the machine and waits until its Node is ready.
func (n Node) Start(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, Limit,
		fmt.Errorf("not ready within %s: the machine may be overloaded", Limit))
	defer cancel()
	before, err := n.register(ctx)
	if err != nil {
		return err
	}
	if err := n.writeFiles(); err != nil {
		return err
	}
	one, err := server.Start(n.Cluster, server.Server{
		Name: n.Name(), Path: n.Machines.Emulator, Args: n.arguments(), Every: 2 * time.Second,
		Ready: func(ctx context.Context) error { return n.readySince(ctx, before) },
	}, false)
	if err != nil {
		return err
	}
	if err := server.Await(ctx, one, []*server.Running{one}); err != nil {
		return fmt.Errorf("%w\nmore is in %s", err, n.Logs())
	}
	// From now on the machine starts again what ends in it.
	return os.WriteFile(filepath.Join(n.Share(), "ready"), nil, 0o600)
}

// Runs tells whether the machine does.
func (n Node) Runs() bool {
	found, err := process.Find(n.Cluster.Folder)
	return err != nil || slices.ContainsFunc(found, func(m process.Marked) bool {
		return m.Program == n.Name()
	})
}

// A status is the part of a Node's that matters here.
type status struct {
	Conditions []struct {
		Type, Status, Message string
	}
	NodeInfo struct{ BootID string }
}

func (n Node) path() string { return "/api/v1/nodes/" + n.Name() }

func (n Node) status(ctx context.Context) (status, error) {
	var node struct{ Status status }
	err := n.Client.Get(ctx, n.path(), &node)
	return node.Status, err
}

// register makes the Node with the address at which the API server reaches its kubelet, a port that
// QEMU forwards: the kubelet would not think of it. It returns the boot that the Node had before.
func (n Node) register(ctx context.Context) (string, error) {
	before, err := n.status(ctx)
	if err != nil && !api.IsNotFound(err) {
		return "", err
	}
	object := api.Object{
		"apiVersion": "v1", "kind": "Node", "metadata": api.Object{"name": n.Name()},
	}
	if err := n.Client.Apply(ctx, n.path(), object, nil); err != nil {
		return "", err
	}
	object["status"] = api.Object{"addresses": []api.Object{
		{"type": "Hostname", "address": n.Name()},
		{"type": "InternalIP", "address": guestAddress},
		{"type": "ExternalIP", "address": "127.0.0.1"},
	}}
	return before.NodeInfo.BootID, n.Client.Apply(ctx, n.path()+"/status", object, nil)
}

// Ready asks whether the Node is ready: nil, or why not.
func (n Node) Ready(ctx context.Context) error { return n.readySince(ctx, "") }

// readySince does not take a Node for ready that a former boot made so.
func (n Node) readySince(ctx context.Context, before string) error {
	now, err := n.status(ctx)
	if err != nil {
		return err
	}
	if now.NodeInfo.BootID == "" || now.NodeInfo.BootID == before {
		return errors.New("its kubelet has not reported yet")
	}
	for _, condition := range now.Conditions {
		if condition.Type == "Ready" {
			if condition.Status == "True" {
				return nil
			}
			return errors.New(condition.Message)
		}
	}
	return errors.New("its kubelet has not said whether it is ready")
}
