package command

import (
	"fmt"
	"os"
	"strconv"

	"taskstorage.io/e2e/cluster/internal/process"
	"taskstorage.io/e2e/cluster/internal/server"
	"taskstorage.io/e2e/cluster/internal/state"
)

// An owner is a process whose end is the end of a cluster.
type owner struct {
	pid   int
	since uint64
}

func ownerOf(pid int) (owner, error) {
	if pid == 0 {
		return owner{}, nil
	}
	since, err := process.StartTime(pid)
	if err != nil {
		return owner{}, fmt.Errorf("find process %d: %w: give one that runs to --while-pid", pid, err)
	}
	return owner{pid, since}, nil
}

func (s Shell) startReaper(cluster state.Cluster, o owner) error {
	if o.pid == 0 {
		return nil
	}
	return s.startSelf(cluster, "reaper",
		reapVerb, cluster.Name, strconv.Itoa(o.pid), strconv.FormatUint(o.since, 10))
}

// startSelf starts this program as one of the cluster's.
func (s Shell) startSelf(cluster state.Cluster, name string, words ...string) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	if err := os.MkdirAll(cluster.File("logs"), 0o700); err != nil {
		return err
	}
	_, err = process.Start(process.Program{
		Name: name, Path: self, Folder: "/", Log: server.Log(cluster, name),
		Args: words, Mark: cluster.Folder,
	})
	return err
}
