// Package operator runs the operator under test: its controller and, for each host, an agent, as
// processes of this machine, with the objects in the API that a kubelet and a DaemonSet would make.
//
// Reading order: [Operator], [Operator.MakeHost], [Operator.StartAgent]; objects.go (Nodes and Pods), token.go, and
// [Operator.Keep] in keep.go.
//
// Invariants:
//
//   - (A) An agent asks the API as its Pod does: by a token that is bound to that Pod, whose node is
//     the agent's. The controller asks by its service account's. Neither has another right.
//   - (B) An agent's Pod is Ready while its process says so.
//   - (C) What is missing is made; what is there is not made again.
package operator

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"taskstorage.io/e2e/cluster/internal/api"
	"taskstorage.io/e2e/cluster/internal/controlplane"
	"taskstorage.io/e2e/cluster/internal/host"
	"taskstorage.io/e2e/cluster/internal/server"
	"taskstorage.io/e2e/cluster/internal/state"
)

// Names that the operator's own manifests fix.
const (
	Namespace  = "taskstorage-system"
	agent      = "taskstorage-agent"
	controller = "taskstorage-controller"
)

// Names of processes.
const (
	Controller = "controller"
	Keeper     = "keeper"
)

// Agent is the name of a host's agent among the cluster's processes.
func Agent(number int) string { return "agent-" + strconv.Itoa(number) }

// An Operator is the one of a cluster.
type Operator struct {
	Cluster state.Cluster
	Client  api.Client
	// Launcher is the command that runs agent and controller.
	Launcher string
}

// MakeController makes what the controller needs to start.
func (o Operator) MakeController(ctx context.Context) error {
	err := o.renew(ctx, identity{account: controller, folder: o.Cluster.File(Controller)})
	if err != nil {
		return fmt.Errorf("make identity of controller: %w", err)
	}
	return nil
}

// StartController starts it, and waits until it is ready if this is wanted.
func (o Operator) StartController(ctx context.Context, served state.Served, waits bool) error {
	return o.start(ctx, Controller, served, waits, []string{
		"controller", "--namespace", Namespace,
		"--kubeconfig", identity{folder: o.Cluster.File(Controller)}.kubeconfig(),
	})
}

// MakeHost makes what a host is made of: its part of this machine, its Node, its agent's Pod and
// token.
func (o Operator) MakeHost(ctx context.Context, h state.Host) error {
	ground, err := host.Of(o.Cluster, h.Number)
	if err == nil {
		err = ground.Make()
	}
	if err == nil {
		err = o.makeNode(ctx, h)
	}
	if err == nil {
		err = o.keepHost(ctx, h)
	}
	if err != nil {
		return fmt.Errorf("make host %d: %w", h.Number, err)
	}
	return nil
}

// StartAgent starts the agent of a host, and waits until it is ready if this is wanted.
func (o Operator) StartAgent(ctx context.Context, h state.Host, waits bool) error {
	ground, err := host.Of(o.Cluster, h.Number)
	if err != nil {
		return err
	}
	return o.start(ctx, Agent(h.Number), h.Served, waits, []string{
		"agent", "--node-name", h.Node,
		"--kubeconfig", identity{folder: ground.Folder}.kubeconfig(),
		"--bpffs", ground.Bpffs(), "--cgroup-root", ground.Cgroups, "--state-dir", ground.State(),
	})
}

func (o Operator) start(
	ctx context.Context, name string, at state.Served, waits bool, words []string,
) error {
	ctx, cancel := controlplane.WithLimit(ctx)
	defer cancel()
	one, err := server.Start(o.Cluster, server.Server{
		Name: name, Path: o.Launcher,
		Args: append(words, "--listen", address(at.Port), "--debug-listen", address(at.DebugPort)),
		Ready: func(ctx context.Context) error {
			return Ready(ctx, at.Port)
		},
	}, true)
	if err != nil || !waits {
		return err
	}
	return server.Await(ctx, one, []*server.Running{one})
}

func address(port int) string { return "127.0.0.1:" + strconv.Itoa(port) }

// How long a process may take to say whether it is ready.
const answerLimit = 2 * time.Second

// Ready asks an agent or a controller whether it is: nil, or why not.
func Ready(ctx context.Context, port int) error {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	request, err := http.NewRequestWithContext(
		ctx, http.MethodGet, "http://"+address(port)+"/readyz", nil)
	if err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return errors.New(answer.Status)
	}
	return nil
}

// An identity is who a process is to the API, and the folder that says so.
type identity struct {
	account string
	// pod that the token is bound to; none for the controller.
	pod    pod
	folder string
}

func (i identity) kubeconfig() string { return filepath.Join(i.folder, "kubeconfig") }

func (i identity) token() string { return filepath.Join(i.folder, "token") }

// write makes or replaces one of the files of an identity.
func write(file string, text string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return state.Replace(file, []byte(text))
}
