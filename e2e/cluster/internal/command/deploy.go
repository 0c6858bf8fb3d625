package command

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"taskstorage.io/e2e/cluster/internal/image"
	"taskstorage.io/e2e/cluster/internal/rollout"
	"taskstorage.io/e2e/cluster/internal/state"
)

// deployLimit of the time until all pods are ready: only a broken machine reaches it.
const deployLimit = 30 * time.Minute

// deployed is the file that has the digest of the image that was installed last.
const deployed = "deployed"

// deploy installs the operator as users do, by Helm, from an image that only the nodes have.
func deploy(s Shell, ctx context.Context, flags *flag.FlagSet, words []string) error {
	cluster, err := s.named(flags, words)
	if err != nil {
		return err
	}
	if err := hasNodes(cluster, "deploy into"); err != nil {
		return err
	}
	helm, err := s.program(ctx, "e2e/helm/program")
	if err != nil {
		return err
	}
	file, err := s.program(ctx, "operator/image/archive")
	if err != nil {
		return err
	}
	archive, err := image.Read(file)
	if err != nil {
		return err
	}
	lock, err := cluster.Lock(s.waiting(cluster))
	if err != nil {
		return err
	}
	defer lock.Release()
	record, _ := cluster.Read()
	if err := s.loadAll(ctx, cluster, record, archive); err != nil {
		return err
	}
	i := installation{s, cluster, record, helm}
	if err := i.install(ctx, archive); err != nil {
		return err
	}
	return i.await(ctx)
}

// program runs one of the repository's that builds something, and prints where it is.
func (s Shell) program(ctx context.Context, path string) (string, error) {
	command := exec.CommandContext(ctx, filepath.Join(s.repository(), path))
	// What it says while it builds is progress here, and why it failed.
	command.Stderr = os.Stderr
	printed, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("run %s: %w: the lines above say why", path, err)
	}
	return strings.TrimSpace(string(printed)), nil
}

// An installation is the operator's in one cluster.
type installation struct {
	Shell
	cluster state.Cluster
	record  state.Record
	helm    string
}

// install makes the namespace and installs both charts, or makes them as they are now.
func (i installation) install(ctx context.Context, archive image.Archive) error {
	digest, err := digestOf(archive.File)
	if err != nil {
		return err
	}
	before, _ := os.ReadFile(i.cluster.File(deployed))
	repository, tag := split(archive.Names[0])
	charts := filepath.Join(i.repository(), "charts")
	for _, step := range []func() error{
		func() error {
			return i.kubectl(ctx, "apply", "--server-side", "-f",
				filepath.Join(i.repository(), "operator", "deploy", "rights", "namespace.yaml"))
		},
		func() error { return i.upgrade(ctx, filepath.Join(charts, "task-storage-crds")) },
		func() error {
			return i.upgrade(ctx, filepath.Join(charts, "task-storage-operator"),
				"--set-string=image.repository="+repository, "--set-string=image.tag="+tag,
				"--set=image.pullPolicy=Never")
		},
		func() error {
			// Pods ask for an image by its name, which is the same.
			if len(before) == 0 || string(before) == digest {
				return nil
			}
			return i.kubectl(ctx, "rollout", "restart", "--namespace="+rollout.Namespace,
				"daemonset/"+rollout.Agents, "deployment/"+rollout.Controllers)
		},
		func() error { return state.Replace(i.cluster.File(deployed), []byte(digest)) },
	} {
		if err := step(); err != nil {
			return fmt.Errorf("deploy into cluster %s: %w", i.cluster.Name, err)
		}
	}
	return nil
}

// split takes a name apart: REPOSITORY:TAG.
func split(name string) (repository string, tag string) {
	at := strings.LastIndexByte(name, ':')
	if at < 0 || strings.Contains(name[at:], "/") {
		return name, "latest"
	}
	return name[:at], name[at+1:]
}

func digestOf(file string) (string, error) {
	opened, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer opened.Close()
	digest := sha256.New()
	_, err = io.Copy(digest, opened)
	return hex.EncodeToString(digest.Sum(nil)), err
}

// upgrade installs a chart under its own name.
func (i installation) upgrade(ctx context.Context, chart string, values ...string) error {
	command := exec.CommandContext(ctx, i.helm, append([]string{
		"upgrade", "--install", filepath.Base(chart), chart, "--namespace=" + rollout.Namespace,
		"--kubeconfig=" + i.cluster.Kubeconfig(),
	}, values...)...)
	command.Env = os.Environ()
	for _, folder := range []string{"CONFIG", "DATA", "CACHE"} {
		command.Env = append(command.Env,
			"HELM_"+folder+"_HOME="+i.cluster.File("helm", strings.ToLower(folder)))
	}
	return told(command, "helm upgrade "+filepath.Base(chart))
}

func (i installation) kubectl(ctx context.Context, words ...string) error {
	command := i.kubectlCommand(ctx, words...)
	return told(command, "kubectl "+words[0])
}

func (i installation) kubectlCommand(ctx context.Context, words ...string) *exec.Cmd {
	return exec.CommandContext(ctx, filepath.Join(i.record.Bin, "kubectl"), append([]string{
		"--kubeconfig", i.cluster.Kubeconfig(), "--cache-dir", i.cluster.File("kubectl-cache"),
	}, words...)...)
}

// told runs a command, and fails with what it said.
func told(command *exec.Cmd, what string) error {
	said, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w:\n%s", what, err, bytes.TrimSpace(said))
	}
	return nil
}

// await waits until agents and controllers are ready, each on the newest image.
func (i installation) await(ctx context.Context) error {
	limited, cancel := context.WithTimeoutCause(ctx, deployLimit,
		fmt.Errorf("not ready within %s", deployLimit))
	defer cancel()
	end := i.Progress.Step("start agents and controllers in cluster " + i.cluster.Name)
	waiting, err := rollout.Await(limited, planeOf(i.cluster, i.record).Client())
	if err == nil {
		end("ready")
		return nil
	}
	end("")
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "deploy into cluster %s: %s", i.cluster.Name, err)
	for _, one := range waiting {
		fmt.Fprintf(&text, "\n%s", one)
		for _, line := range i.lastWords(ctx, one) {
			fmt.Fprintf(&text, "\n    %s", line)
		}
	}
	fmt.Fprintf(&text, "\nwhat the nodes' programs say is in %s", i.cluster.File("logs", "node-*"))
	return errors.New(text.String())
}

// lastWords are what the cluster warned of a pod last, and the last lines of what its container wrote:
// as far as they can be had.
func (i installation) lastWords(ctx context.Context, one rollout.Waiting) []string {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	_, name, _ := strings.Cut(one.Name, "/")
	// That there is no DNS is so on every node here, and nobody asks for it.
	lines := i.lastLines(ctx, "get", "events", "--namespace="+rollout.Namespace, "--no-headers",
		"--field-selector=type=Warning,reason!=MissingClusterDNS,involvedObject.name="+name,
		"--sort-by=.lastTimestamp", "-o=custom-columns=:reason,:message")
	if one.Container == "" {
		return lines
	}
	words := []string{"logs", "--namespace=" + rollout.Namespace, "--container=" + one.Container, one.Name}
	if one.Ended {
		words = append(words, "--previous")
	}
	return append(lines, i.lastLines(ctx, words...)...)
}

func (i installation) lastLines(ctx context.Context, words ...string) []string {
	const most = 3
	said, err := i.kubectlCommand(ctx, words...).Output()
	if err != nil || len(bytes.TrimSpace(said)) == 0 {
		return nil
	}
	lines := strings.Split(strings.TrimSpace(string(said)), "\n")
	return lines[max(0, len(lines)-most):]
}
