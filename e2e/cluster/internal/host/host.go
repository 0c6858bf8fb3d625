// Package host keeps what one agent of a cluster has for itself on this machine: a subtree of
// cgroups that stands in for a node's, and a bpffs.
//
// Reading order: [Ground], [Ground.Make], [Ground.Remove]; mounts.go.
//
// Invariants:
//
//   - (A) Everything's place follows from the cluster's folder alone: it is found again also if its
//     maker was killed before it could note anything.
//   - (B) No process is ended here. Cgroups in which somebody's processes are stay, and are named.
package host

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"taskstorage.io/e2e/cluster/internal/state"
)

// A Ground is one host's part of this machine.
type Ground struct {
	// Folder of what is in files: tokens, the agent's state, the mount point.
	Folder string
	// Cgroups is the folder that stands in for the root of the node's cgroup tree.
	Cgroups string
}

// Of is the ground of a cluster's host.
func Of(cluster state.Cluster, number int) (Ground, error) {
	top, err := top(cluster)
	if err != nil {
		return Ground{}, err
	}
	word := strconv.Itoa(number)
	return Ground{
		Folder:  cluster.File("hosts", word),
		Cgroups: filepath.Join(top, "host-"+word),
	}, nil
}

// Bpffs is where the host's bpffs is mounted.
func (g Ground) Bpffs() string { return filepath.Join(g.Folder, "bpf") }

// Pins is where the host's agent pins the maps.
func (g Ground) Pins() string { return filepath.Join(g.Bpffs(), "taskstorage") }

// State is the folder that the host's agent keeps its state in.
func (g Ground) State() string { return filepath.Join(g.Folder, "state") }

// The folders that a kubelet makes below the root before any pod.
var kubepods = []string{"kubepods/besteffort", "kubepods/burstable"}

// Make makes what is missing.
func (g Ground) Make() error {
	for _, folder := range []string{g.Bpffs(), g.State()} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return fmt.Errorf("make folder of host: %w", err)
		}
	}
	for _, below := range kubepods {
		if err := os.MkdirAll(filepath.Join(g.Cgroups, below), 0o755); err != nil {
			return fmt.Errorf("make cgroups of host: %w", err)
		}
	}
	mounted, err := mountsBelow(g.Bpffs())
	if err != nil || len(mounted) > 0 {
		return err
	}
	if err := syscall.Mount("bpf", g.Bpffs(), "bpf", 0, "mode=0700"); err != nil {
		return fmt.Errorf("mount bpffs of host: %s: %w: CAP_SYS_ADMIN is needed", g.Bpffs(), err)
	}
	return nil
}

// PodCgroup tells whether a pod has a cgroup here, whatever its class.
func (g Ground) PodCgroup(uid string) bool {
	for _, below := range append([]string{"kubepods"}, kubepods...) {
		if _, err := os.Stat(filepath.Join(g.Cgroups, below, "pod"+uid)); err == nil {
			return true
		}
	}
	return false
}

// Remove unmounts and removes the grounds of all hosts of a cluster, but not their files. Processes
// in the cgroups are given until the limit to end by themselves.
func Remove(cluster state.Cluster, limit time.Duration) error {
	mounts, err := mountsBelow(cluster.Folder)
	if err != nil {
		return err
	}
	for _, point := range mounts {
		if err := syscall.Unmount(point, 0); err != nil {
			return fmt.Errorf("unmount %s: %w: see who uses it: fuser -vm %[1]s", point, err)
		}
	}
	top, err := top(cluster)
	if errors.Is(err, errNoCgroups) {
		return nil
	}
	if err != nil {
		return err
	}
	deadline := time.Now().Add(limit)
	for {
		err := removeCgroups(top)
		if err == nil || !errors.Is(err, syscall.EBUSY) || time.Now().After(deadline) {
			return told(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// removeCgroups removes a subtree of cgroups, from the leaves.
func removeCgroups(top string) error {
	var folders []string
	err := filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil && entry.IsDir() {
			folders = append(folders, path)
		}
		return err
	})
	for i := len(folders) - 1; i >= 0 && err == nil; i-- {
		err = syscall.Rmdir(folders[i])
		if err == syscall.ENOENT {
			err = nil
		}
		if err != nil {
			err = &fs.PathError{Op: "remove cgroup", Path: folders[i], Err: err}
		}
	}
	return err
}

// told says which processes keep a cgroup.
func told(err error) error {
	var path *fs.PathError
	if !errors.As(err, &path) || !errors.Is(err, syscall.EBUSY) {
		return err
	}
	processes := processesIn(path.Path)
	if len(processes) == 0 {
		return fmt.Errorf("remove cgroup %s: %w: see what is in it: find %[1]s", path.Path, path.Err)
	}
	return fmt.Errorf("remove cgroup %s: processes are in it that are not the cluster's: %s:"+
		" end them or move them out, then repeat", path.Path, strings.Join(processes, ", "))
}

// processesIn names the processes of one cgroup: 811 (sleep).
func processesIn(cgroup string) []string {
	text, _ := os.ReadFile(filepath.Join(cgroup, "cgroup.procs"))
	var named []string
	for _, pid := range strings.Fields(string(text)) {
		comm, _ := os.ReadFile(filepath.Join("/proc", pid, "comm"))
		named = append(named, fmt.Sprintf("%s (%s)", pid, strings.TrimSpace(string(comm))))
	}
	return named
}

// top is the cluster's own cgroup. Its name ends in a digest of the folder, as clusters of one name
// may be in several folders.
func top(cluster state.Cluster) (string, error) {
	root, err := cgroupRoot()
	if err != nil {
		return "", err
	}
	digest := sha256.Sum256([]byte(cluster.Folder))
	name := "taskstorage-cluster-" + cluster.Name + "-" + hex.EncodeToString(digest[:3])
	return filepath.Join(root, name), nil
}
