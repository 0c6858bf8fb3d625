// Package rollout tells whether agents and controllers are as they were installed, and if not, which
// pod keeps them from it and why.
//
// Reading order: [Await], [Waiting]; objects.go, what the API tells of workloads and pods.
//
// Invariants:
//
//   - (A) Ready means that the newest pods are, all of them, and no older one is left.
//   - (B) What does not mend itself is not waited for.
package rollout

import (
	"context"
	"errors"
	"fmt"
	"time"

	"taskstorage.io/e2e/cluster/internal/api"
)

// What the charts install: its names are fixed.
const (
	Namespace   = "taskstorage-system"
	Agents      = "taskstorage-agent"
	Controllers = "taskstorage-controller"
)

const (
	every    = time.Second
	podsPath = "/api/v1/namespaces/" + Namespace +
		"/pods?labelSelector=app.kubernetes.io%2Fname%3Dtask-storage-operator"
	workloadPath = "/apis/apps/v1/namespaces/" + Namespace
)

// A Waiting is a pod that is not ready, or a workload that lacks pods.
type Waiting struct {
	// Name is the pod's as in pod/NAME; the workload's where there is no pod to tell of.
	Name string
	// Node it is on; empty = on none.
	Node string
	// Container that is not ready; empty where none has run.
	Container string
	// Ended tells that the container did, and that what it wrote is of the run before.
	Ended bool
	// Why it is not ready.
	Why string
	// Hopeless is what does not mend itself.
	Hopeless bool
}

func (w Waiting) String() string {
	text := w.Name
	if w.Node != "" {
		text += " on " + w.Node
	}
	if w.Container != "" {
		text += ", container " + w.Container
	}
	return text + ": " + w.Why
}

var errHopeless = errors.New("a pod cannot become ready")

// Await waits until agents and controllers are ready: nil, or what they wait for.
func Await(ctx context.Context, client api.Client) ([]Waiting, error) {
	for {
		waiting, err := look(ctx, client)
		if err == nil && len(waiting) == 0 {
			return nil, nil
		}
		for _, one := range waiting {
			if one.Hopeless {
				return waiting, errHopeless
			}
		}
		select {
		case <-ctx.Done():
			return waiting, errors.Join(context.Cause(ctx), err)
		case <-time.After(every):
		}
	}
}

// look asks once.
func look(ctx context.Context, client api.Client) ([]Waiting, error) {
	var agents, controllers workload
	var pods podList
	err := errors.Join(
		client.Get(ctx, workloadPath+"/daemonsets/"+Agents, &agents),
		client.Get(ctx, workloadPath+"/deployments/"+Controllers, &controllers),
		client.Get(ctx, podsPath, &pods))
	if err != nil {
		return nil, err
	}
	waiting := pods.waiting()
	for _, one := range []struct {
		name string
		lack string
	}{
		{"daemonset/" + Agents, agents.agentsLack()},
		{"deployment/" + Controllers, controllers.controllersLack()},
	} {
		if one.lack != "" && len(waiting) == 0 {
			waiting = append(waiting, Waiting{Name: one.name, Why: one.lack})
		}
	}
	return waiting, nil
}

func some(have int, want int, what string) string {
	if have == want {
		return ""
	}
	return fmt.Sprintf("%d of %d pods %s", have, want, what)
}
