package rollout

import (
	"fmt"
	"slices"
	"strings"
)

// A workload is the part of a DaemonSet's or a Deployment's that matters here.
type workload struct {
	Metadata struct{ Generation int }
	Spec     struct{ Replicas int }
	Status   struct {
		ObservedGeneration int
		// Of a DaemonSet.
		DesiredNumberScheduled, CurrentNumberScheduled, UpdatedNumberScheduled, NumberAvailable int
		// Of a Deployment.
		Replicas, UpdatedReplicas, AvailableReplicas int
	}
}

func (w workload) observed() string {
	if w.Status.ObservedGeneration < w.Metadata.Generation {
		return "the controller-manager has not seen it yet"
	}
	return ""
}

// agentsLack says what a DaemonSet lacks; nothing = nothing.
func (w workload) agentsLack() string {
	s := w.Status
	none := ""
	if s.DesiredNumberScheduled == 0 {
		none = "no node wants a pod of it"
	}
	return first(w.observed(), none,
		some(s.UpdatedNumberScheduled, s.DesiredNumberScheduled, "are of its newest form"),
		some(s.NumberAvailable, s.DesiredNumberScheduled, "are available"))
}

// controllersLack says what a Deployment lacks; nothing = nothing.
func (w workload) controllersLack() string {
	s := w.Status
	return first(w.observed(),
		some(s.UpdatedReplicas, w.Spec.Replicas, "are of its newest form"),
		some(s.AvailableReplicas, w.Spec.Replicas, "are available"),
		some(s.Replicas, w.Spec.Replicas, "are there: older ones have not ended"))
}

func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

type podList struct{ Items []pod }

type pod struct {
	Metadata struct {
		Name              string
		DeletionTimestamp string
	}
	Spec   struct{ NodeName string }
	Status struct {
		Phase, Reason, Message string
		Conditions             []condition
		InitContainerStatuses  []containerStatus
		ContainerStatuses      []containerStatus
	}
}

type condition struct{ Type, Status, Reason, Message string }

type containerStatus struct {
	Name         string
	Ready        bool
	RestartCount int
	State        struct {
		Waiting    *cause
		Running    *struct{}
		Terminated *cause
	}
	LastState struct{ Terminated *cause }
}

type cause struct {
	Reason, Message string
	ExitCode        int
}

func (c cause) String() string {
	if c.Message == "" {
		return c.Reason
	}
	return c.Reason + ": " + strings.TrimSpace(c.Message)
}

// These come back as they are until somebody changes the pod or the node.
var hopeless = []string{"ErrImageNeverPull", "InvalidImageName"}

// So often a container may end before it is taken for one that always does.
const manyRestarts = 3

// waiting lists the pods that are not ready, those that are on their way out too.
func (l podList) waiting() []Waiting {
	var all []Waiting
	for _, one := range l.Items {
		if w, ok := one.waiting(); ok {
			all = append(all, w)
		}
	}
	return all
}

func (p pod) waiting() (Waiting, bool) {
	w := Waiting{Name: "pod/" + p.Metadata.Name, Node: p.Spec.NodeName}
	if p.Metadata.DeletionTimestamp != "" {
		w.Why = "it is being ended"
		return w, true
	}
	for _, container := range slices.Concat(p.Status.InitContainerStatuses, p.Status.ContainerStatuses) {
		if tells, ok := container.waiting(w); ok {
			return tells, true
		}
	}
	for _, kind := range []string{"PodScheduled", "Ready"} {
		at := slices.IndexFunc(p.Status.Conditions, func(c condition) bool { return c.Type == kind })
		if at < 0 || p.Status.Conditions[at].Status == "True" {
			continue
		}
		c := p.Status.Conditions[at]
		w.Why = cause{Reason: c.Reason, Message: c.Message}.String()
		return w, true
	}
	if !slices.ContainsFunc(p.Status.Conditions, func(c condition) bool { return c.Type == "Ready" }) {
		w.Why = first(p.Status.Message, p.Status.Reason, "its node has not said anything of it yet")
		return w, true
	}
	return Waiting{}, false
}

// waiting tells of a container that is neither ready nor ended well, as an init container does. That
// it is being made is no cause: the pod's conditions or events have one.
func (c containerStatus) waiting(w Waiting) (Waiting, bool) {
	now := c.State
	making := now.Waiting != nil &&
		(now.Waiting.Reason == "PodInitializing" || now.Waiting.Reason == "ContainerCreating")
	if c.Ready || making || (now.Terminated != nil && now.Terminated.ExitCode == 0) {
		return w, false
	}
	w.Hopeless = c.RestartCount >= manyRestarts
	switch ended := c.LastState.Terminated; {
	case now.Running != nil:
		w.Container, w.Why, w.Hopeless = c.Name, "it runs, and is not ready", false
	case now.Terminated != nil:
		w.Container, w.Why = c.Name, now.Terminated.ended()
	case now.Waiting != nil && ended != nil:
		w.Container, w.Ended, w.Why = c.Name, true, ended.ended()
	case now.Waiting != nil:
		w.Why = now.Waiting.String()
		w.Hopeless = slices.Contains(hopeless, now.Waiting.Reason)
	default:
		return w, false
	}
	return w, true
}

func (c cause) ended() string { return fmt.Sprintf("it ended with exit code %d, %s", c.ExitCode, c) }
