package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"sync"

	"taskstorage.io/e2e/cluster/internal/build"
	"taskstorage.io/e2e/cluster/internal/node"
	"taskstorage.io/e2e/cluster/internal/relay"
	"taskstorage.io/e2e/cluster/internal/release"
	"taskstorage.io/e2e/cluster/internal/state"
)

const (
	defaultKernel = "6.12"
	cgroupfs      = "cgroupfs"
)

// kernels is the folder that knows the kernels of virtual machines.
func (s Shell) kernels() string { return filepath.Join(s.Source, "..", "kernels") }

// checkNodes refuses nodes that there cannot be.
func (s Shell) checkNodes(o upOptions, flags *flag.FlagSet) error {
	if o.nodes < 0 || o.nodes > node.Most {
		return usage("--nodes %d: more than one machine runs: give 0 to %d", o.nodes, node.Most)
	}
	if o.driver == "systemd" {
		return usage("--cgroup-driver systemd: a node's first process is not systemd, which runc would"+
			" ask over D-Bus to make its slices: give %s", cgroupfs)
	}
	if o.driver != cgroupfs {
		return usage("--cgroup-driver %s: no such driver: give %s", o.driver, cgroupfs)
	}
	if o.nodes == 0 {
		var without error
		flags.Visit(func(given *flag.Flag) {
			if given.Name == "kernel" || given.Name == "cgroup-driver" {
				without = usage("--%s: it is for nodes, and there are none: give --nodes 1", given.Name)
			}
		})
		return without
	}
	if o.agents > 0 {
		return usage("--nodes and --agents: a cluster's nodes are all real or all played: give one of them")
	}
	err := node.CheckKernel(s.kernels(), o.kernel)
	if errors.Is(err, node.ErrNoKernel) {
		return usage("--kernel %s: %w", o.kernel, err)
	}
	return err
}

// nodeReleases is what nodes need beside the control plane's programs.
func (s Shell) nodeReleases(cache build.Cache, r release.Release) ([]release.Release, error) {
	kubelet := r.Node()
	if !kubelet.Has(release.Kubelet) {
		return nil, usage("--kubernetes %s: it comes without a kubelet: leave nodes out, or give %s",
			r.Minor, defaultMinor)
	}
	runtime, err := release.ReadRuntime(cache.Go, filepath.Join(s.Source, "runtime"))
	return []release.Release{kubelet, runtime}, err
}

// machines builds and downloads what the nodes are made of.
func (s Shell) machines(
	ctx context.Context, cache build.Cache, needed []release.Release, o upOptions,
) (state.Machines, error) {
	if o.nodes == 0 {
		return state.Machines{}, nil
	}
	kubelet, err := cache.Ensure(ctx, needed[0])
	if err != nil {
		return state.Machines{}, err
	}
	runtime, err := cache.Ensure(ctx, needed[1])
	if err != nil {
		return state.Machines{}, err
	}
	end := s.Progress.Step("find Linux " + o.kernel + " of Debian, and an emulator (downloaded once)")
	defer end("")
	boot, err := node.Fetch(ctx, s.kernels(), o.kernel)
	if err != nil {
		return state.Machines{}, err
	}
	emulator, err := node.Emulator(ctx, s.kernels())
	return state.Machines{
		Kernel: o.kernel, Boot: boot, Emulator: emulator, Kubelet: kubelet, Runtime: runtime,
	}, err
}

// addNodes writes nodes into a record.
func addNodes(record *state.Record, asked upOptions, free state.Free) error {
	if asked.nodes == 0 {
		return nil
	}
	record.Machines = asked.machines
	for number := 1; number <= asked.nodes; number++ {
		port, err := free()
		if err != nil {
			return err
		}
		record.Nodes = append(record.Nodes, state.Node{Number: number, Port: port})
	}
	return nil
}

// onKernel says which Linux machines have.
func onKernel(machines state.Machines) string {
	if machines.Kernel == "" {
		return ""
	}
	return " with Linux " + machines.Kernel
}

func (s Shell) node(cluster state.Cluster, record state.Record, one state.Node) node.Node {
	return node.Node{
		Node: one, Cluster: cluster, Machines: record.Machines, Kernels: s.kernels(),
		Client: planeOf(cluster, record).Client(), APIPort: record.Ports.API,
	}
}

// startNodes boots nodes side by side and waits until all are ready.
func (s Shell) startNodes(
	ctx context.Context, cluster state.Cluster, record state.Record, nodes []state.Node,
) error {
	var names []string
	for _, one := range nodes {
		names = append(names, one.Name())
	}
	label := "boot " + strings.Join(names, " and ") + " with Linux " + record.Machines.Kernel
	s.Progress.Say("%s: they take a minute or more; they write to %s", label,
		cluster.File("logs", "node-*"))
	end := s.Progress.Step(label)
	errs := make([]error, len(nodes))
	var started sync.WaitGroup
	for i, one := range nodes {
		started.Go(func() { errs[i] = s.node(cluster, record, one).Start(ctx) })
	}
	started.Wait()
	err := errors.Join(errs...)
	if err != nil {
		end("")
		return err
	}
	end("ready")
	return nil
}

func nodeVerb(s Shell, ctx context.Context, flags *flag.FlagSet, words []string) error {
	var o partOptions
	flags.IntVar(&o.number, "node", 1, "`number` of the node")
	return s.onPart(ctx, flags, words, &o, startNode,
		func(o partOptions) string { return state.Node{Number: o.number}.Name() })
}

func startNode(
	s Shell, ctx context.Context, cluster state.Cluster, record state.Record, o partOptions,
) error {
	for _, one := range record.Nodes {
		if one.Number == o.number {
			return s.startNodes(ctx, cluster, record, []state.Node{one})
		}
	}
	return fmt.Errorf("start node-%d of cluster %s: it was started with %d nodes",
		o.number, cluster.Name, len(record.Nodes))
}

// relayVerb is not for people: it is what a node's machine runs in place of kube-proxy.
const relayVerb = "relay"

// relay takes the address to listen on, and the one to hand connections on to.
func (s Shell) relay(ctx context.Context, words []string) error {
	if len(words) != 2 {
		return usage("LISTEN TARGET: wanted")
	}
	return relay.Serve(ctx, words[0], words[1])
}
