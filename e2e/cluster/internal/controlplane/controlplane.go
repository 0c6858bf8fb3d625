// Package controlplane runs the servers of one cluster as detached processes: etcd, the API server,
// and where the version has them the controller manager and the scheduler.
//
// Everything of a cluster is in one folder: data, certificates, logs, and the record of its
// processes, which is written before anything can be lost. A cluster is up when its folder says so
// and its processes run; whatever else is found there is a rest, and Down removes it.
package controlplane

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"taskstorage.io/e2e/cluster/internal/build"
	"taskstorage.io/e2e/cluster/internal/process"
)

const (
	// Generous: a machine may be busy with much else.
	startLimit = 3 * time.Minute
	endLimit   = 20 * time.Second
	// Ports that were free may be taken a moment later.
	attempts = 3
)

// Cluster is what is known of one.
type Cluster struct {
	Name string `json:"name"`
	// Version is the minor version, Programs the folder that they run from.
	Version  string `json:"version"`
	Programs string `json:"programs"`
	Server   string `json:"server"`
	// Ready is true once it has answered.
	Ready     bool              `json:"ready"`
	Processes []process.Process `json:"processes"`

	folder string
}

// Kubeconfig is the path of the administrator's.
func (c *Cluster) Kubeconfig() string { return kubeconfig(c.folder) }

// Folder holds everything of it, logs included.
func (c *Cluster) Folder() string { return c.folder }

// Runs tells whether it is up with every process.
func (c *Cluster) Runs() bool {
	for _, p := range c.Processes {
		if !p.Runs() {
			return false
		}
	}
	return c.Ready
}

// Is tells whether both are the same run of a cluster, and not one that took the other's name.
func (c *Cluster) Is(other *Cluster) bool {
	return slices.Equal(c.Processes, other.Processes)
}

// Open reads what a folder says; nil if there is no cluster.
func Open(folder string) (*Cluster, error) {
	text, err := os.ReadFile(filepath.Join(folder, "cluster.json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open cluster %s: %w", folder, err)
	}
	cluster := &Cluster{folder: folder}
	if err := json.Unmarshal(text, cluster); err != nil {
		return nil, fmt.Errorf("open cluster %s: %w: end its processes and remove the folder", folder, err)
	}
	return cluster, nil
}

// Up starts a cluster in a folder of its own and returns when it serves. Where that fails, or the
// context ends, nothing of it is left but the error, which has the last lines of the log.
func Up(ctx context.Context, folder, name string, version build.Version, programs string) (*Cluster, error) {
	var err error
	for attempt := 0; attempt < attempts; attempt++ {
		cluster := &Cluster{Name: name, Version: version.Minor, Programs: programs, folder: folder}
		if err = cluster.start(ctx, version); err == nil {
			return cluster, nil
		}
		err = errors.Join(err, cluster.Down())
		if !errors.Is(err, errPortTaken) {
			break
		}
	}
	return nil, err
}

func (c *Cluster) start(ctx context.Context, version build.Version) error {
	if err := os.MkdirAll(c.folder, 0o700); err != nil {
		return fmt.Errorf("start cluster %s: %w", c.Name, err)
	}
	ports, err := freePorts()
	if err != nil {
		return err
	}
	c.Server = ports.server()
	token, err := writeSecrets(c.folder)
	if err == nil {
		err = writeKubeconfig(c.Kubeconfig(), c.Name, c.Server, authority(c.folder), token)
	}
	if err != nil {
		return fmt.Errorf("start cluster %s: %w", c.Name, err)
	}
	hasControllers := version.Has("kube-controller-manager")
	for _, server := range []server{etcdServer(c.folder, ports), apiServer(c.folder, ports, hasControllers)} {
		if err := c.run(server); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	api := &client{server: c.Server, authority: authority(c.folder), token: token}
	if err := c.await(ctx, "the API server is ready", func() error { return api.get(ctx, "/readyz") }); err != nil {
		return err
	}
	if hasControllers {
		for _, server := range []server{controllerManager(c.folder, ports), scheduler(c.folder, ports)} {
			if err := c.run(server); err != nil {
				return err
			}
		}
		// The account that every pod needs: when it is there the controllers work.
		path := "/api/v1/namespaces/default/serviceaccounts/default"
		if err := c.await(ctx, "the controllers work", func() error { return api.get(ctx, path) }); err != nil {
			return err
		}
	}
	c.Ready = true
	return c.record()
}

func (c *Cluster) run(server server) error {
	started, err := process.Start(c.folder, server.name, filepath.Join(c.Programs, server.name), server.args...)
	if err != nil {
		return err
	}
	return c.Adopt(started)
}

// Adopt makes a process part of the cluster, so that it ends with it.
func (c *Cluster) Adopt(started process.Process) error {
	c.Processes = append(c.Processes, started)
	if err := c.record(); err != nil {
		return errors.Join(err, started.End(endLimit))
	}
	return nil
}

func (c *Cluster) record() error {
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return fmt.Errorf("record cluster %s: %w", c.Name, err)
	}
	path := filepath.Join(c.folder, "cluster.json")
	if err := os.WriteFile(path+".new", append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("record cluster %s: %w", c.Name, err)
	}
	return os.Rename(path+".new", path)
}

// Down ends the processes, the last started first, and removes the folder.
func (c *Cluster) Down() error {
	var problems error
	for i := len(c.Processes) - 1; i >= 0; i-- {
		problems = errors.Join(problems, c.Processes[i].End(endLimit))
	}
	if problems != nil {
		return problems
	}
	if err := os.RemoveAll(c.folder); err != nil {
		return fmt.Errorf("remove cluster %s: %w", c.Name, err)
	}
	return nil
}
