package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strconv"
	"time"

	"taskstorage.io/e2e/cluster/internal/host"
	"taskstorage.io/e2e/cluster/internal/process"
	"taskstorage.io/e2e/cluster/internal/state"
)

func down(s Shell, _ context.Context, flags *flag.FlagSet, words []string) error {
	name := flags.String("name", defaultName, "`name` of the cluster")
	all := flags.Bool("all", false, "end all clusters of this user")
	if err := parse(flags, words); err != nil {
		return err
	}
	if *all {
		if flags.NFlag() > 1 {
			return usage("--all and --name: both name clusters: give one of them")
		}
		return s.downAll()
	}
	_, cluster, err := s.cluster(*name)
	if err != nil {
		return err
	}
	if !cluster.Exists() {
		s.Progress.Say("there is no cluster %s", cluster.Name)
		return nil
	}
	return s.end(cluster, strangersLimit)
}

func (s Shell) downAll() error {
	root, err := s.root()
	if err != nil {
		return err
	}
	clusters, err := root.Clusters()
	if err != nil {
		return err
	}
	if len(clusters) == 0 {
		s.Progress.Say("there is no cluster")
	}
	for _, cluster := range clusters {
		err = errors.Join(err, s.end(cluster, strangersLimit))
	}
	return err
}

// How long somebody's processes in the cluster's cgroups may take to end by themselves.
const strangersLimit = 2 * time.Second

func (s Shell) end(cluster state.Cluster, strangers time.Duration) error {
	lock, err := cluster.Lock(s.waiting(cluster))
	if err != nil {
		return err
	}
	defer lock.Release()
	if err := process.End(cluster.Folder, endLimit); err != nil {
		return fmt.Errorf("end cluster %s: %w", cluster.Name, err)
	}
	if err := host.Remove(cluster, strangers); err != nil {
		return fmt.Errorf("end cluster %s: %w: %s", cluster.Name, err, onCluster("down", cluster.Name))
	}
	if err := cluster.Remove(); err != nil {
		return err
	}
	s.Progress.Say("cluster %s is down, and nothing of it left", cluster.Name)
	return nil
}

// reapVerb is not for people: the process that ends a cluster when its owner is gone.
const reapVerb = "reap"

// reap takes the cluster's name, and the number and start time of its owner.
func (s Shell) reap(words []string) error {
	if len(words) != 3 {
		return usage("NAME PID START: wanted")
	}
	_, cluster, err := s.cluster(words[0])
	if err != nil {
		return err
	}
	pid, err := strconv.Atoi(words[1])
	if err != nil {
		return usage("PID %s: no number", words[1])
	}
	since, err := strconv.ParseUint(words[2], 10, 64)
	if err != nil {
		return usage("START %s: no number", words[2])
	}
	if err := awaitEnd(owner{pid, since}); err != nil {
		return err
	}
	// What the owner started may end a moment after it.
	return s.end(cluster, endLimit)
}

// awaitEnd returns when the owner is gone, also if its number has come to mean another process.
func awaitEnd(o owner) error {
	handle, err := process.Open(o.pid)
	if errors.Is(err, process.ErrGone) {
		return nil
	}
	if err != nil {
		return err
	}
	defer handle.Close()
	if since, err := process.StartTime(o.pid); err != nil || since != o.since {
		return nil
	}
	for !handle.Gone(time.Hour) {
	}
	return nil
}
