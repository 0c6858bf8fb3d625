package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"time"

	"taskstorage.io/e2e/cluster/internal/controlplane"
	"taskstorage.io/e2e/cluster/internal/host"
	"taskstorage.io/e2e/cluster/internal/node"
	"taskstorage.io/e2e/cluster/internal/process"
	"taskstorage.io/e2e/cluster/internal/progress"
	"taskstorage.io/e2e/cluster/internal/release"
	"taskstorage.io/e2e/cluster/internal/server"
	"taskstorage.io/e2e/cluster/internal/state"
)

// How long ended servers may take to be gone.
const endLimit = time.Minute

// How often other ports are tried after somebody else took one.
const attempts = 3

type upOptions struct {
	name     string
	nodes    int
	kernel   string
	driver   string
	machines state.Machines
	agents   int
	silent   bool
	minor    string
	whilePID int
	noBuild  bool
}

func up(s Shell, ctx context.Context, flags *flag.FlagSet, words []string) error {
	var o upOptions
	flags.StringVar(&o.name, "name", defaultName, "`name` of the cluster")
	flags.IntVar(&o.nodes, "nodes", 0, "`number` of nodes, each a virtual machine with a kubelet")
	flags.StringVar(&o.kernel, "kernel", defaultKernel, "`series` of the nodes' Linux")
	flags.StringVar(&o.driver, "cgroup-driver", cgroupfs, "`driver` by which nodes make pods' cgroups")
	flags.IntVar(&o.agents, "agents", 0,
		"`number` of hosts that this machine plays, each with an agent; a controller too")
	flags.BoolVar(&o.silent, "silent-nodes", false,
		"let nobody find nodes unreachable that no kubelet keeps")
	flags.StringVar(&o.minor, "kubernetes", defaultMinor, "`version` of Kubernetes")
	flags.IntVar(&o.whilePID, "while-pid", 0, "end the cluster when this `process` is gone")
	flags.BoolVar(&o.noBuild, "no-build", false, "fail if the programs are not built yet")
	if err := parse(flags, words); err != nil {
		return err
	}
	if err := s.checkNodes(o, flags); err != nil {
		return err
	}
	if o.agents < 0 || o.agents > mostAgents {
		return usage("--agents %d: more than one machine plays: give 0 to %d", o.agents, mostAgents)
	}
	root, cluster, err := s.cluster(o.name)
	if err != nil {
		return err
	}
	if o.nodes > 0 && !standingOf(cluster).canGoOn() {
		if err := node.CanRun(o.nodes); err != nil {
			return fmt.Errorf("start nodes of cluster %s: %w", cluster.Name, err)
		}
	}
	if o.agents > 0 {
		if err := s.canPlayHosts(ctx, cluster); err != nil {
			return err
		}
	}
	owner, err := ownerOf(o.whilePID)
	if err != nil {
		return err
	}
	cache, err := s.builder()
	if err != nil {
		return err
	}
	r, err := s.release(cache, o.minor)
	if err != nil {
		return err
	}
	var needed []release.Release
	if o.nodes > 0 {
		if needed, err = s.nodeReleases(cache, r); err != nil {
			return err
		}
	}
	for _, one := range append([]release.Release{r}, needed...) {
		if _, built, err := cache.Find(one); o.noBuild && (err != nil || !built) {
			return errors.Join(err, notBuilt(one))
		}
	}
	bin, err := cache.Ensure(ctx, r)
	if err != nil {
		return err
	}
	if o.machines, err = s.machines(ctx, cache, needed, o); err != nil {
		return err
	}
	lock, err := cluster.Lock(s.waiting(cluster))
	if err != nil {
		return err
	}
	defer lock.Release()
	return s.upLocked(ctx, root, cluster, r, bin, o, owner)
}

func (s Shell) waiting(cluster state.Cluster) func() {
	return func() { s.Progress.Say("another command is at work on cluster %s: waiting", cluster.Name) }
}

func (s Shell) upLocked(
	ctx context.Context, root state.Root, cluster state.Cluster, r release.Release, bin string,
	asked upOptions, o owner,
) error {
	agents := asked.agents
	if there := standingOf(cluster); there.canGoOn() {
		return s.alreadyUp(ctx, cluster, there, r, asked, o)
	}
	began := time.Now()
	var record state.Record
	for attempt := 1; ; attempt++ {
		err := s.start(ctx, root, cluster, r, bin, asked, o, &record)
		if err == nil {
			break
		}
		// The logs stay for the reader of the message; the next up or down removes them.
		err = errors.Join(err, process.End(cluster.Folder, endLimit), clear(cluster))
		if !errors.Is(err, server.ErrPortTaken) || attempt == attempts || ctx.Err() != nil {
			return fmt.Errorf("start cluster %s: %w", cluster.Name, err)
		}
	}
	s.Progress.Say("cluster %s serves Kubernetes %s at %s after %s: eval \"$(%s)\"",
		cluster.Name, record.Kubernetes, record.Server(), progress.Duration(time.Since(began)),
		onCluster("env", cluster.Name))
	if agents > 0 {
		s.Progress.Say("a controller and %d agents run beside it; they write to %s",
			agents, server.Log(cluster, "{controller,agent-*}"))
	}
	return nil
}

// clear removes everything of a cluster that has no process any more, but the logs.
func clear(cluster state.Cluster) error {
	if err := host.Remove(cluster, endLimit); err != nil {
		return err
	}
	return cluster.Clear()
}

// alreadyUp leaves what runs as it is, and starts again what does not.
func (s Shell) alreadyUp(
	ctx context.Context, cluster state.Cluster, there standing, r release.Release, asked upOptions,
	o owner,
) error {
	record, agents := there.record, asked.agents
	if record.Minor != r.Minor {
		return fmt.Errorf("start cluster %s: it runs already, with Kubernetes %s:"+
			" give another --name, or end it: %s",
			cluster.Name, record.Kubernetes, onCluster("down", cluster.Name))
	}
	if agents != len(record.Hosts) && agents > 0 {
		return fmt.Errorf("start cluster %s: it runs already, with %d agents:"+
			" give another --name, or end it: %s",
			cluster.Name, len(record.Hosts), onCluster("down", cluster.Name))
	}
	if asked.nodes > 0 &&
		(asked.nodes != len(record.Nodes) || asked.kernel != record.Machines.Kernel) {
		return fmt.Errorf("start cluster %s: it runs already, with %d nodes%s:"+
			" give another --name, or end it: %s", cluster.Name, len(record.Nodes),
			onKernel(record.Machines), onCluster("down", cluster.Name))
	}
	if o.pid != 0 {
		return fmt.Errorf("start cluster %s: it runs already, and would not end with process %d:"+
			" give another --name", cluster.Name, o.pid)
	}
	s.Progress.Say("cluster %s runs already, at %s", cluster.Name, record.Server())
	return s.startMissing(ctx, cluster, there)
}

// start clears away what an earlier command left half-way, then starts everything.
func (s Shell) start(
	ctx context.Context, root state.Root, cluster state.Cluster, r release.Release, bin string,
	asked upOptions, o owner, record *state.Record,
) error {
	agents := asked.agents
	if err := process.End(cluster.Folder, endLimit); err != nil {
		return err
	}
	if err := clear(cluster); err != nil {
		return err
	}
	err := root.ChoosePorts(func(free state.Free) error {
		ports, err := free.Ports()
		if err != nil {
			return err
		}
		managed := r.Has("kube-controller-manager")
		*record = state.Record{
			Kubernetes: r.Version, Minor: r.Minor, Bin: bin,
			Servers: controlplane.Servers(managed), Ports: ports, Started: time.Now().UTC(),
			SilentNodes: asked.silent,
		}
		if err := addOperator(record, agents, free); err != nil {
			return err
		}
		if err := addNodes(record, asked, free); err != nil {
			return err
		}
		return cluster.Write(*record)
	})
	if err != nil {
		return err
	}
	if err := s.startReaper(cluster, o); err != nil {
		return err
	}
	end := s.Progress.Step("start " + cluster.Name)
	err = planeOf(cluster, *record).Start(ctx)
	if err == nil && agents > 0 {
		err = s.startOperator(ctx, cluster, *record)
	}
	end("")
	if err == nil && len(record.Nodes) > 0 {
		err = s.startNodes(ctx, cluster, *record, record.Nodes)
	}
	if err != nil {
		return err
	}
	record.Ready = true
	return cluster.Write(*record)
}

// planeOf is the control plane that a record tells of.
func planeOf(cluster state.Cluster, record state.Record) controlplane.Plane {
	var nodes []string
	for _, one := range record.Nodes {
		nodes = append(nodes, one.Name())
	}
	return controlplane.Plane{
		Nodes: nodes, Cluster: cluster, Bin: record.Bin, Ports: record.Ports,
		Managed:  slices.Contains(record.Servers, "kube-controller-manager"),
		Nodeless: len(record.Hosts) > 0 || record.SilentNodes,
	}
}

// onCluster is the command line for a command on one cluster.
func onCluster(command string, name string) string {
	line := "e2e/cluster/cluster " + command
	if name != defaultName {
		line += " --name " + name
	}
	return line
}
