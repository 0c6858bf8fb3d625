package command

import (
	"context"
	"flag"
	"fmt"
	"strings"

	"taskstorage.io/e2e/cluster/internal/image"
	"taskstorage.io/e2e/cluster/internal/node"
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
	if record, ok := cluster.Read(); !ok || !record.Ready || len(record.Nodes) == 0 {
		return fmt.Errorf("load %s into cluster %s: it runs no nodes: %s",
			file, cluster.Name, onCluster("up --nodes 1", cluster.Name))
	}
	lock, err := cluster.Lock(s.waiting(cluster))
	if err != nil {
		return err
	}
	defer lock.Release()
	record, _ := cluster.Read()
	ctx, cancel := context.WithTimeoutCause(ctx, node.Limit,
		fmt.Errorf("load %s: not done within %s: the machine may be overloaded", file, node.Limit))
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
