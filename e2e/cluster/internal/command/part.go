package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"taskstorage.io/e2e/cluster/internal/controlplane"
	"taskstorage.io/e2e/cluster/internal/operator"
	"taskstorage.io/e2e/cluster/internal/process"
	"taskstorage.io/e2e/cluster/internal/state"
)

// partOptions are what a command on one part of a cluster was asked for.
type partOptions struct {
	name string
	// host and node are an agent's.
	host int
	node string
	// number is a node's.
	number int
	noWait bool
}

// A partStart starts one part; a partName is the part's among the cluster's processes.
type (
	partStart func(Shell, context.Context, state.Cluster, state.Record, partOptions) error
	partName  func(partOptions) string
)

func agentVerb(s Shell, ctx context.Context, flags *flag.FlagSet, words []string) error {
	var o partOptions
	flags.IntVar(&o.host, "host", 1, "`number` of the host")
	flags.StringVar(&o.node, "node", "", "`name` of the Node, kept from then on (default: host-NUMBER)")
	flags.BoolVar(&o.noWait, "no-wait", false,
		"only start the process: ask no API server, and do not wait until it is ready")
	return s.onPart(ctx, flags, words, &o, startAgent,
		func(o partOptions) string { return operator.Agent(o.host) })
}

func controllerVerb(s Shell, ctx context.Context, flags *flag.FlagSet, words []string) error {
	var o partOptions
	flags.BoolVar(&o.noWait, "no-wait", false,
		"only start the process: ask no API server, and do not wait until it is ready")
	return s.onPart(ctx, flags, words, &o, startController,
		func(partOptions) string { return operator.Controller })
}

func apiServerVerb(s Shell, ctx context.Context, flags *flag.FlagSet, words []string) error {
	var o partOptions
	return s.onPart(ctx, flags, words, &o, startAPIServer,
		func(partOptions) string { return controlplane.APIServer })
}

func storeVerb(s Shell, ctx context.Context, flags *flag.FlagSet, words []string) error {
	var o partOptions
	return s.onPart(ctx, flags, words, &o, startStore,
		func(partOptions) string { return controlplane.Store })
}

func (s Shell) onPart(
	ctx context.Context, flags *flag.FlagSet, words []string, o *partOptions,
	start partStart, nameOf partName,
) error {
	flags.StringVar(&o.name, "name", defaultName, "`name` of the cluster")
	action := ""
	if len(words) > 0 && !strings.HasPrefix(words[0], "-") {
		action, words = words[0], words[1:]
	}
	if err := parse(flags, words); err != nil {
		return err
	}
	if !slices.Contains([]string{"start", "stop", "kill"}, action) {
		return usage("%q: no such action: give start, stop or kill", action)
	}
	if o.host < 0 || o.host > mostAgents {
		return usage("--host %d: no number of a host: give 1 to %d", o.host, mostAgents)
	}
	_, cluster, err := s.cluster(o.name)
	if err != nil {
		return err
	}
	if record, ok := cluster.Read(); !ok || !record.Ready {
		return fmt.Errorf("%s %s of cluster %s: it does not run: %s",
			action, nameOf(*o), cluster.Name, onCluster("up", cluster.Name))
	}
	lock, err := cluster.Lock(s.waiting(cluster))
	if err != nil {
		return err
	}
	defer lock.Release()
	record, _ := cluster.Read()
	switch action {
	case "start":
		if o.node != "" {
			if err := isEnded(cluster, nameOf(*o)); err != nil {
				return err
			}
		}
		err := s.startPart(cluster, nameOf(*o), func() error { return start(s, ctx, cluster, record, *o) })
		return errors.Join(err, noteEnded(cluster, nameOf(*o), err != nil))
	case "stop":
		return s.endPart(cluster, nameOf(*o), syscall.SIGTERM)
	default:
		return s.endPart(cluster, nameOf(*o), syscall.SIGKILL)
	}
}

func (s Shell) startPart(cluster state.Cluster, name string, start func() error) error {
	found, err := process.Find(cluster.Folder)
	if err != nil {
		return err
	}
	for _, one := range found {
		if one.Program == name {
			s.Progress.Say("%s of cluster %s runs already, as process %d", name, cluster.Name, one.PID)
			return nil
		}
	}
	if err := start(); err != nil {
		_, left := process.Stop(cluster.Folder, name, syscall.SIGKILL, endLimit)
		return errors.Join(err, left)
	}
	return nil
}

// noteEnded writes down whether a controller or an agent was ended on purpose.
func noteEnded(cluster state.Cluster, name string, ended bool) error {
	record, ok := cluster.Read()
	if !ok {
		return nil
	}
	if name == operator.Controller {
		record.Controller.Ended = ended
	}
	for _, h := range record.Hosts {
		if operator.Agent(h.Number) == name {
			h.Ended = ended
			record = record.With(h)
		}
	}
	return cluster.Write(record)
}

// isEnded refuses to give another Node to an agent that runs.
func isEnded(cluster state.Cluster, name string) error {
	found, err := process.Find(cluster.Folder)
	for _, one := range found {
		if one.Program == name {
			return fmt.Errorf("start %s of cluster %s: it runs, as process %d: end it before it plays"+
				" another Node: %s", name, cluster.Name, one.PID,
				onCluster("agent stop --host "+strings.TrimPrefix(name, "agent-"), cluster.Name))
		}
	}
	return err
}

// How long a part may take to end. An API server lets the watches of others go on for a minute.
const stopLimit = 3 * time.Minute

func (s Shell) endPart(cluster state.Cluster, name string, signal syscall.Signal) error {
	if err := noteEnded(cluster, name, true); err != nil {
		return err
	}
	count, err := process.Stop(cluster.Folder, name, signal, stopLimit)
	if err == nil && count == 0 {
		s.Progress.Say("%s of cluster %s does not run", name, cluster.Name)
	}
	return err
}

func startAPIServer(
	_ Shell, ctx context.Context, cluster state.Cluster, record state.Record, _ partOptions,
) error {
	return planeOf(cluster, record).StartAPIServer(ctx)
}

func startStore(
	_ Shell, ctx context.Context, cluster state.Cluster, record state.Record, _ partOptions,
) error {
	return planeOf(cluster, record).StartStore(ctx)
}

func startController(
	s Shell, ctx context.Context, cluster state.Cluster, record state.Record, o partOptions,
) error {
	if err := withHosts(cluster, record); err != nil {
		return err
	}
	op := s.operator(cluster, record)
	if !o.noWait {
		if err := op.MakeController(ctx); err != nil {
			return err
		}
	}
	return op.StartController(ctx, record.Controller, !o.noWait)
}

// startAgent notes a host that is new, or has a new name, before anything of it is made: so the
// keeper and the next command know of it.
func startAgent(
	s Shell, ctx context.Context, cluster state.Cluster, record state.Record, o partOptions,
) error {
	if err := withHosts(cluster, record); err != nil {
		return err
	}
	h, known := record.Host(o.host)
	if !known && o.noWait {
		return fmt.Errorf("start %s of cluster %s: there is no such host yet: leave --no-wait out",
			operator.Agent(o.host), cluster.Name)
	}
	if !known {
		h = state.Host{Number: o.host, Node: nodeOf(o.host)}
	}
	if o.node != "" {
		h.Node = o.node
	}
	if err := checkNode(record, h); err != nil {
		return err
	}
	if err := s.note(cluster, record, &h, known); err != nil {
		return err
	}
	op := s.operator(cluster, record)
	if !o.noWait {
		if err := op.MakeHost(ctx, h); err != nil {
			return err
		}
	}
	return op.StartAgent(ctx, h, !o.noWait)
}

// What the API takes for a Node's name and, as shorter, for its label kubernetes.io/hostname.
var validNode = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)

const longestNode = 63

// checkNode refuses a Node that the API would not take, or that another host plays.
func checkNode(record state.Record, host state.Host) error {
	if len(host.Node) > longestNode || !validNode.MatchString(host.Node) {
		return usage("--node %q: no name of a Node: give up to %d of a-z, 0-9, - and .,"+
			" beginning and ending with a letter or digit", host.Node, longestNode)
	}
	for _, other := range record.Hosts {
		if other.Node == host.Node && other.Number != host.Number {
			return usage("--node %s: host %d plays this Node: give another", host.Node, other.Number)
		}
	}
	return nil
}

func (s Shell) note(cluster state.Cluster, record state.Record, h *state.Host, known bool) error {
	if known {
		return cluster.Write(record.With(*h))
	}
	root, err := s.root()
	if err != nil {
		return err
	}
	return root.ChoosePorts(func(free state.Free) error {
		var err error
		if h.Served, err = free.Served(); err != nil {
			return err
		}
		return cluster.Write(record.With(*h))
	})
}

func withHosts(cluster state.Cluster, record state.Record) error {
	if len(record.Hosts) > 0 {
		return nil
	}
	return fmt.Errorf("start part of cluster %s: it was started without agents: end it: %s, then: %s",
		cluster.Name, onCluster("down", cluster.Name), onCluster("up --agents 1", cluster.Name))
}
