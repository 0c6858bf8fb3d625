package command

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"taskstorage.io/e2e/cluster/internal/build"
	"taskstorage.io/e2e/cluster/internal/controlplane"
	"taskstorage.io/e2e/cluster/internal/process"
)

func (s *session) builder() build.Builder {
	return build.Builder{Source: s.places.Source, Cache: s.places.Cache, Progress: s.log}
}

func (s *session) up() error {
	version, err := build.Find(s.opts.kubernetes)
	if err != nil {
		return UsageError(err.Error())
	}
	folder, err := s.places.Cluster(s.opts.name)
	if err != nil {
		return UsageError(err.Error())
	}
	if s.opts.whilePid != 0 {
		if _, err := process.Of("owner", s.opts.whilePid); err != nil {
			return err
		}
	}
	programs, err := s.builder().Ensure(s.ctx, version)
	if err != nil {
		return err
	}
	old, err := controlplane.Open(folder)
	if err != nil {
		return err
	}
	if old != nil && old.Runs() {
		if old.Version != version.Minor {
			return fmt.Errorf("start cluster %s: it runs with Kubernetes %s: take it down first, or use another --name", s.opts.name, old.Version)
		}
		fmt.Fprintf(s.log, "cluster %s runs already, at %s\n", old.Name, old.Server)
		return nil
	}
	if old != nil {
		fmt.Fprintf(s.log, "removing what is left of cluster %s\n", old.Name)
		if err := old.Down(); err != nil {
			return err
		}
	}
	begin := time.Now()
	cluster, err := controlplane.Up(s.ctx, folder, s.opts.name, version, programs)
	if err != nil {
		return err
	}
	if s.opts.whilePid != 0 {
		if err := s.startWatch(cluster); err != nil {
			return errors.Join(err, cluster.Down())
		}
	}
	fmt.Fprintf(s.log, "cluster %s serves Kubernetes %s at %s after %s; logs in %s\n",
		cluster.Name, cluster.Version, cluster.Server, time.Since(begin).Round(100*time.Millisecond), folder)
	return nil
}

// startWatch leaves a process behind that ends the cluster when its owner has ended. It is no part of
// the cluster: it could not end itself first.
func (s *session) startWatch(cluster *controlplane.Cluster) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("watch process %d: %w", s.opts.whilePid, err)
	}
	_, err = process.Start(cluster.Folder(), "watch", self,
		"watch", "--name", cluster.Name, "--while-pid", fmt.Sprint(s.opts.whilePid))
	return err
}

// watch ends when the cluster is down, whoever took it down.
func (s *session) watch() error {
	folder, err := s.places.Cluster(s.opts.name)
	if err != nil {
		return err
	}
	cluster, err := controlplane.Open(folder)
	if err != nil || cluster == nil {
		return err
	}
	owner, err := process.Of("owner", s.opts.whilePid)
	for err == nil && owner.Runs() && cluster.Runs() {
		time.Sleep(200 * time.Millisecond)
	}
	now, err := controlplane.Open(folder)
	if err != nil || now == nil || !now.Is(cluster) {
		return err
	}
	return cluster.Down()
}

func (s *session) down() error {
	names := []string{s.opts.name}
	if s.opts.all {
		var err error
		if names, err = s.places.Names(); err != nil {
			return err
		}
	}
	var problems error
	for _, name := range names {
		problems = errors.Join(problems, s.downOne(name))
	}
	return problems
}

func (s *session) downOne(name string) error {
	folder, err := s.places.Cluster(name)
	if err != nil {
		return UsageError(err.Error())
	}
	cluster, err := controlplane.Open(folder)
	if err != nil {
		return err
	}
	if cluster == nil {
		// A start that was cut off before its first process leaves a folder and no record.
		if err := os.RemoveAll(folder); err != nil {
			return fmt.Errorf("remove cluster %s: %w", name, err)
		}
		fmt.Fprintf(s.log, "there is no cluster %s\n", name)
		return nil
	}
	if err := cluster.Down(); err != nil {
		return err
	}
	fmt.Fprintf(s.log, "cluster %s is down, and nothing of it left\n", name)
	return nil
}

func (s *session) env() error {
	folder, err := s.places.Cluster(s.opts.name)
	if err != nil {
		return UsageError(err.Error())
	}
	cluster, err := controlplane.Open(folder)
	if err != nil {
		return err
	}
	if cluster == nil || !cluster.Runs() {
		return fmt.Errorf("print environment of cluster %s: it does not run: cluster up --name %s", s.opts.name, s.opts.name)
	}
	fmt.Fprintf(s.out, "export KUBECONFIG=%s\n", quote(cluster.Kubeconfig()))
	fmt.Fprintf(s.out, "export PATH=%s:\"$PATH\"\n", quote(cluster.Programs))
	return nil
}

func (s *session) status() error {
	names, err := s.places.Names()
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tKUBERNETES\tSTATE\tSERVER\tFOLDER")
	for _, name := range names {
		folder := filepath.Join(s.places.Clusters, name)
		cluster, err := controlplane.Open(folder)
		if err != nil {
			return err
		}
		if cluster == nil {
			fmt.Fprintf(table, "%s\t-\tleft over\t-\t%s\n", name, folder)
			continue
		}
		state := "broken"
		if cluster.Runs() {
			state = "running"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", name, cluster.Version, state, cluster.Server, folder)
	}
	return table.Flush()
}

func (s *session) build() error {
	versions := build.Versions
	if !s.opts.all {
		version, err := build.Find(s.opts.kubernetes)
		if err != nil {
			return UsageError(err.Error())
		}
		versions = []build.Version{version}
	}
	for _, version := range versions {
		folder, err := s.builder().Ensure(s.ctx, version)
		if err != nil {
			return err
		}
		fmt.Fprintln(s.out, folder)
	}
	return nil
}

func (s *session) built() error {
	version, err := build.Find(s.opts.kubernetes)
	if err != nil {
		return UsageError(err.Error())
	}
	folder, found, err := s.builder().Built(version)
	if err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("find programs of Kubernetes %s: they have not been built: cluster build --kubernetes %s", version.Minor, version.Minor)
	}
	fmt.Fprintln(s.out, folder)
	return nil
}

// quote makes one word of a shell from any text.
func quote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
