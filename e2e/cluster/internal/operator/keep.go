package operator

import (
	"context"
	"fmt"
	"io"
	"time"

	"taskstorage.io/e2e/cluster/internal/api"
	"taskstorage.io/e2e/cluster/internal/host"
	"taskstorage.io/e2e/cluster/internal/state"
)

// How often the keeper looks.
const interval = 500 * time.Millisecond

// Keep stands in for kubelets and the DaemonSet until it is ended: for every host that the record
// names and whose Node is there it keeps the agent's Pod, that Pod's readiness and the token, and
// lets deleted pods go once they have no cgroup. A controller or an agent that ended by itself it
// starts again. What fails is said once, and tried again.
func (o Operator) Keep(ctx context.Context, log io.Writer) error {
	ticks := time.NewTicker(interval)
	defer ticks.Stop()
	said := map[string]string{}
	started := map[string]time.Time{}
	say := func(what string, err error) {
		text := ""
		if err != nil {
			text = err.Error()
		}
		if said[what] != text {
			said[what] = text
			fmt.Fprintf(log, "%s %s: %s\n", time.Now().UTC().Format(time.RFC3339), what, orWell(text))
		}
	}
	for {
		// The record is unreadable only while down removes it, which ends this too.
		if record, ok := o.Cluster.Read(); ok {
			o.keep(ctx, record, say)
			say("keep processes", o.restart(ctx, record, started, log))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticks.C:
		}
	}
}

func orWell(text string) string {
	if text == "" {
		return "well"
	}
	return text
}

func (o Operator) keep(ctx context.Context, record state.Record, say func(string, error)) {
	say("keep controller", o.renew(ctx,
		identity{account: controller, folder: o.Cluster.File(Controller)}))
	for _, h := range record.Hosts {
		err := o.Client.Get(ctx, nodePath(h.Node), nil)
		if api.IsNotFound(err) {
			// As with a DaemonSet: no node, no pod.
			say("keep "+Agent(h.Number), err)
			continue
		}
		if err == nil {
			err = o.keepHost(ctx, h)
		}
		say("keep "+Agent(h.Number), err)
	}
}

// keepHost brings the objects and the token of a host in line, whose Node is there.
func (o Operator) keepHost(ctx context.Context, h state.Host) error {
	own, err := o.ownPod(ctx, h)
	if err != nil {
		return err
	}
	ground, err := host.Of(o.Cluster, h.Number)
	if err != nil {
		return err
	}
	if err := o.renew(ctx, identity{agent, own, ground.Folder}); err != nil {
		return err
	}
	ready := Ready(ctx, h.Port) == nil
	if (own.ready() == "True") != ready || own.ready() == "" {
		if err := o.setReady(ctx, h, ready); err != nil {
			return err
		}
	}
	return o.letGo(ctx, h, ground)
}

// ownPod gets the agent's Pod, and makes it anew where it is none or one of another node.
func (o Operator) ownPod(ctx context.Context, h state.Host) (pod, error) {
	var own pod
	err := o.Client.Get(ctx, agentPodPath(h), &own)
	if err == nil && !own.isBeingDeleted() && own.Spec.NodeName == h.Node {
		return own, nil
	}
	if err == nil {
		err = o.Client.Delete(ctx, agentPodPath(h), own.Metadata.UID)
	}
	if err != nil && !api.IsNotFound(err) {
		return pod{}, err
	}
	return o.makeAgentPod(ctx, h)
}

// letGo removes deleted pods that have no cgroup here: what a kubelet does last.
func (o Operator) letGo(ctx context.Context, h state.Host, ground host.Ground) error {
	pods, err := o.podsOf(ctx, h.Node)
	if err != nil {
		return err
	}
	for _, one := range pods {
		if one.isBeingDeleted() && !ground.PodCgroup(one.Metadata.UID) {
			if err := o.Client.Delete(ctx, one.path(), one.Metadata.UID); err != nil {
				return err
			}
		}
	}
	return nil
}
