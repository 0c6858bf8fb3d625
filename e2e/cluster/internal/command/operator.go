package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"

	"taskstorage.io/e2e/cluster/internal/api"
	"taskstorage.io/e2e/cluster/internal/operator"
	"taskstorage.io/e2e/cluster/internal/state"
)

// How many hosts one machine plays at most: each agent is a process of its own.
const mostAgents = 20

// The folders of manifests that an operator needs whose programs run beside the cluster, below the
// repository's, in the order in which they are applied.
var manifests = []string{"crds", "operator/deploy/rights"}

func (s Shell) repository() string { return filepath.Join(s.Source, "..", "..") }

func (s Shell) launcher() string { return filepath.Join(s.repository(), "taskstorage") }

func (s Shell) operator(cluster state.Cluster, record state.Record) operator.Operator {
	return operator.Operator{
		Cluster: cluster, Client: planeOf(cluster, record).Client(), Launcher: s.launcher(),
	}
}

// canPlayHosts finds out before anything is started, and lets the operator build itself.
func (s Shell) canPlayHosts(ctx context.Context, cluster state.Cluster) error {
	if os.Geteuid() != 0 {
		return fmt.Errorf("start agents of cluster %s: each has cgroups and a bpffs, which only root"+
			" can make: run as root, or leave --agents out", cluster.Name)
	}
	version := exec.CommandContext(ctx, s.launcher(), "version")
	// What it says while it builds is progress here.
	version.Stderr = os.Stderr
	if err := version.Run(); err != nil {
		return fmt.Errorf("start agents of cluster %s: %s version: %w", cluster.Name, s.launcher(), err)
	}
	return nil
}

// addOperator writes hosts and a controller into a record.
func addOperator(record *state.Record, agents int, free state.Free) error {
	if agents == 0 {
		return nil
	}
	record.Servers = append(record.Servers, operator.Keeper)
	var err error
	if record.Controller, err = free.Served(); err != nil {
		return err
	}
	for number := 1; number <= agents; number++ {
		served, err := free.Served()
		if err != nil {
			return err
		}
		*record = record.With(state.Host{Number: number, Node: nodeOf(number), Served: served})
	}
	return nil
}

// nodeOf is the name of a host's Node, unless another was asked for.
func nodeOf(number int) string { return "host-" + strconv.Itoa(number) }

// startOperator applies the manifests and starts keeper, controller and agents.
func (s Shell) startOperator(
	ctx context.Context, cluster state.Cluster, record state.Record,
) error {
	for _, folder := range manifests {
		if err := s.apply(ctx, cluster, record, filepath.Join(s.repository(), folder)); err != nil {
			return err
		}
	}
	if err := s.startSelf(cluster, operator.Keeper, keepVerb, cluster.Name); err != nil {
		return err
	}
	o := s.operator(cluster, record)
	errs := make([]error, len(record.Hosts)+1)
	var started sync.WaitGroup
	started.Go(func() {
		if errs[0] = o.MakeController(ctx); errs[0] == nil {
			errs[0] = o.StartController(ctx, record.Controller, true)
		}
	})
	for i, h := range record.Hosts {
		started.Go(func() {
			if errs[i+1] = o.MakeHost(ctx, h); errs[i+1] == nil {
				errs[i+1] = o.StartAgent(ctx, h, true)
			}
		})
	}
	started.Wait()
	return errors.Join(errs...)
}

func (s Shell) apply(
	ctx context.Context, cluster state.Cluster, record state.Record, folder string,
) error {
	kubectl := exec.CommandContext(ctx, filepath.Join(record.Bin, "kubectl"),
		"--kubeconfig", cluster.Kubeconfig(), "--cache-dir", cluster.File("kubectl-cache"),
		"apply", "--server-side", "-k", folder)
	said, err := kubectl.CombinedOutput()
	if err != nil {
		return fmt.Errorf("apply %s: %w:\n%s", folder, err, bytes.TrimSpace(said))
	}
	return nil
}

// keepVerb is not for people: the process that keeps what stands in for kubelets.
const keepVerb = "keep"

// keep takes the cluster's name.
func (s Shell) keep(ctx context.Context, words []string) error {
	if len(words) != 1 {
		return usage("NAME: wanted")
	}
	_, cluster, err := s.cluster(words[0])
	if err != nil {
		return err
	}
	record, ok := cluster.Read()
	if !ok {
		return fmt.Errorf("keep hosts of cluster %s: there is no such cluster", cluster.Name)
	}
	o := s.operator(cluster, record)
	if o.Client.Kept, err = api.Trusting(o.Client.Certificate); err != nil {
		return fmt.Errorf("keep hosts of cluster %s: %w", cluster.Name, err)
	}
	return o.Keep(ctx, os.Stderr)
}
