package command

import (
	"context"
	"slices"

	"taskstorage.io/e2e/cluster/internal/controlplane"
	"taskstorage.io/e2e/cluster/internal/operator"
	"taskstorage.io/e2e/cluster/internal/process"
	"taskstorage.io/e2e/cluster/internal/state"
)

// A standing is what is left of a cluster that was ready once; nothing where it never was.
type standing struct {
	record state.Record
	// missing are its processes that do not run, in the order of their start.
	missing []string
	// alive tells that one of them runs.
	alive bool
}

func standingOf(cluster state.Cluster) standing {
	record, ok := cluster.Read()
	found, err := process.Find(cluster.Folder)
	if !ok || !record.Ready || err != nil {
		return standing{}
	}
	names := slices.Clone(record.Servers)
	if len(record.Hosts) > 0 {
		names = append(names, operator.Controller)
	}
	for _, h := range record.Hosts {
		names = append(names, operator.Agent(h.Number))
	}
	for _, one := range record.Nodes {
		names = append(names, one.Name())
	}
	missing := slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return slices.ContainsFunc(found, func(m process.Marked) bool { return m.Program == name })
	})
	return standing{record, missing, len(missing) < len(names)}
}

// serves tells whether all servers run; agents, controller and nodes may end and start as people like.
func (s standing) serves() bool {
	return s.record.Ready && !slices.ContainsFunc(s.missing, s.isServer)
}

// canGoOn tells whether what is missing can be started again, and the cluster's data is there.
func (s standing) canGoOn() bool {
	alone := []string{controlplane.Store, controlplane.APIServer, operator.Keeper}
	return s.alive && !slices.ContainsFunc(s.missing, func(name string) bool {
		return s.isServer(name) && !slices.Contains(alone, name)
	})
}

func (s standing) isServer(name string) bool { return slices.Contains(s.record.Servers, name) }

// startMissing starts again what does not run of a cluster that can go on.
func (s Shell) startMissing(ctx context.Context, cluster state.Cluster, there standing) error {
	for _, name := range there.missing {
		s.Progress.Say("start %s again: it does not run", name)
		err := s.startPart(cluster, name, func() error {
			record, _ := cluster.Read()
			return s.startAgain(ctx, cluster, record, name)
		})
		if err == nil {
			err = noteEnded(cluster, name, false)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s Shell) startAgain(
	ctx context.Context, cluster state.Cluster, record state.Record, name string,
) error {
	switch name {
	case controlplane.Store:
		return startStore(s, ctx, cluster, record, partOptions{})
	case controlplane.APIServer:
		return startAPIServer(s, ctx, cluster, record, partOptions{})
	case operator.Keeper:
		return s.startSelf(cluster, operator.Keeper, keepVerb, cluster.Name)
	case operator.Controller:
		return startController(s, ctx, cluster, record, partOptions{})
	}
	for _, h := range record.Hosts {
		if operator.Agent(h.Number) == name {
			return startAgent(s, ctx, cluster, record, partOptions{host: h.Number})
		}
	}
	for _, one := range record.Nodes {
		if one.Name() == name {
			return s.startNodes(ctx, cluster, record, []state.Node{one})
		}
	}
	return nil
}
