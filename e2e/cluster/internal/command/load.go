package command

import (
	"context"
	"flag"
	"fmt"
	"strings"

	"taskstorage.io/e2e/cluster/internal/image"
	"taskstorage.io/e2e/cluster/internal/node"
	"taskstorage.io/e2e/cluster/internal/state"
)

func load(s Shell, ctx context.Context, flags *flag.FlagSet, words []string) error {
	name := flags.String("name", defaultName, "`name` of the cluster")
	file := ""
	if len(words) > 0 && !strings.HasPrefix(words[0], "-") {
		file, words = words[0], words[1:]
	}
	if err := parse(flags, words); err != nil {
		return err
	}
	if file == "" {
		return usage("FILE: wanted, before the options: an archive of an image")
	}
	archive, err := image.Read(file)
	if err != nil {
		return err
	}
	_, cluster, err := s.cluster(*name)
	if err != nil {
		return err
	}
	if err := hasNodes(cluster, "load "+file+" into"); err != nil {
		return err
	}
	lock, err := cluster.Lock(s.waiting(cluster))
	if err != nil {
		return err
	}
	defer lock.Release()
	record, _ := cluster.Read()
	return s.loadAll(ctx, cluster, record, archive)
}

// hasNodes tells what to do where there are none to do something with.
func hasNodes(cluster state.Cluster, what string) error {
	if record, ok := cluster.Read(); !ok || !record.Ready || len(record.Nodes) == 0 {
		return fmt.Errorf("%s cluster %s: it runs no nodes: %s",
			what, cluster.Name, onCluster("up --nodes 1", cluster.Name))
	}
	return nil
}

// loadAll loads an archive into one node after the other. The caller holds the lock.
func (s Shell) loadAll(
	ctx context.Context, cluster state.Cluster, record state.Record, archive image.Archive,
) error {
	ctx, cancel := context.WithTimeoutCause(ctx, node.Limit, fmt.Errorf(
		"load %s: not done within %s: the machine may be overloaded", archive.File, node.Limit))
	defer cancel()
	for _, one := range record.Nodes {
		end := s.Progress.Step("load " + strings.Join(archive.Names, ", ") + " into " + one.Name())
		err := s.node(cluster, record, one).Load(ctx, archive)
		if err != nil {
			end("")
			return err
		}
		end("done")
	}
	return nil
}
