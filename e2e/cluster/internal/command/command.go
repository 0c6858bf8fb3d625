// Package command is what a person types: words in, lines and an exit code out.
//
// Reading order: [Shell.Run], then one file for each command.
//
// Invariants:
//
//   - (A) What can be piped goes to standard output; progress and problems go to standard error.
//   - (B) Exit code 0: done; 1: it could not be done; 2: it was not understood.
//   - (C) A command that fails or is interrupted leaves nothing running that it started.
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"

	"taskstorage.io/e2e/cluster/internal/build"
	"taskstorage.io/e2e/cluster/internal/progress"
	"taskstorage.io/e2e/cluster/internal/release"
	"taskstorage.io/e2e/cluster/internal/state"
)

// SourceVariable names the folder of this program's sources, in which the releases are.
const SourceVariable = "TASKSTORAGE_CLUSTER_SOURCE"

const (
	defaultName  = "default"
	defaultMinor = "1.36"
)

// A Shell is where commands run.
type Shell struct {
	Getenv   func(string) string
	Stdout   io.Writer
	Progress progress.Progress
	// Source is the folder of e2e/cluster.
	Source string
}

// errUsage tells that a command was not understood.
var errUsage = errors.New("")

type verb struct {
	name  string
	usage string
	about string
	run   func(Shell, context.Context, *flag.FlagSet, []string) error
}

func verbs() []verb {
	return []verb{
		{"up", "up [--name NAME] [--nodes 0 [--kernel 6.12]] [--agents 0] [--silent-nodes] [--kubernetes 1.36|1.33] [--while-pid PID] [--no-build]",
			"Starts a control plane, and nodes, and waits until they are ready. The first time it builds the programs.", up},
		{"down", "down [--name NAME | --all]",
			"Ends a cluster and removes its data.", down},
		{"env", "env [--name NAME]",
			`Prints what points kubectl at a cluster: eval "$(e2e/cluster/cluster env)".`, env},
		{"image", "image NAME PROGRAM FILE",
			"Writes an archive for load: an image of one program that needs no other file.", imageVerb},
		{"load", "load FILE [--name NAME]",
			"Makes the images in a file known to all nodes: an archive of docker save or of OCI.", load},
		{"deploy", "deploy [--name NAME]",
			"Builds the operator's image, loads it into all nodes and installs the charts; waits until all pods are ready.",
			deploy},
		{"node", "node start|stop|kill [--name NAME] [--node 1]",
			"Boots or ends the virtual machine of one node. Images that were loaded come back with it.", nodeVerb},
		{"agent", "agent start|stop|kill [--name NAME] [--host 1] [--node host-1] [--no-wait]",
			"Starts or ends one agent. start makes the host too if there is none of this number.", agentVerb},
		{"controller", "controller start|stop|kill [--name NAME] [--no-wait]",
			"Starts or ends the controller.", controllerVerb},
		{"apiserver", "apiserver start|stop|kill [--name NAME]",
			"Starts or ends the API server, whose data stays.", apiServerVerb},
		{"etcd", "etcd start|stop|kill [--name NAME]",
			"Starts or ends the store of the API server; its data lie in the folder etcd beside the kubeconfig.",
			storeVerb},
		{"status", "status [-o table|json]",
			"Lists this user's clusters.", status},
		{"build", "build [--kubernetes 1.36|1.33 | --all] [--nodes] [--detach] [--while-pid PID]",
			"Only builds the programs, and prints their folders.", buildOnly},
		{"built", "built [--kubernetes 1.36|1.33]",
			"Tells by the exit code whether the programs are built, and prints their folder.", built},
	}
}

// Run runs one command and returns its exit code.
func (s Shell) Run(ctx context.Context, words []string) int {
	if len(words) == 0 {
		s.Progress.Say("%s", help())
		return 2
	}
	if words[0] == "--help" || words[0] == "-h" || words[0] == "help" {
		fmt.Fprintln(s.Stdout, help())
		return 0
	}
	if words[0] == reapVerb {
		return s.code(ctx, reapVerb, s.reap(words[1:]))
	}
	if words[0] == keepVerb {
		return s.code(ctx, keepVerb, s.keep(ctx, words[1:]))
	}
	if words[0] == relayVerb {
		return s.code(ctx, relayVerb, s.relay(ctx, words[1:]))
	}
	for _, v := range verbs() {
		if v.name == words[0] {
			return s.code(ctx, v.name, s.runVerb(ctx, v, words[1:]))
		}
	}
	s.Progress.Say("cluster %s: no such command: see cluster --help", words[0])
	return 2
}

func (s Shell) runVerb(ctx context.Context, v verb, words []string) error {
	flags := flag.NewFlagSet(v.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	err := v.run(s, ctx, flags, words)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(s.Stdout, "%s\n\nusage: e2e/cluster/cluster %s\n\n%s", v.about, v.usage, options(flags))
		return nil
	}
	return err
}

func (s Shell) code(ctx context.Context, name string, err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errUsage):
		s.Progress.Say("cluster %s: %s", name, err)
		return 2
	case ctx.Err() != nil:
		s.Progress.Say("cluster %s: interrupted: nothing was left running", name)
		return 1
	default:
		// It begins with the operation and its object.
		s.Progress.Say("%s", err)
		return 1
	}
}

// parse reads the options; there are no other words.
func parse(flags *flag.FlagSet, words []string) error {
	err := flags.Parse(words)
	if errors.Is(err, flag.ErrHelp) {
		return err
	}
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("%s: unexpected", flags.Arg(0))
	}
	if err != nil {
		return usage("%w: see cluster %s --help", err, flags.Name())
	}
	return nil
}

func usage(format string, words ...any) error {
	return fmt.Errorf(format+"%w", append(words, errUsage)...)
}

func help() string {
	var text strings.Builder
	text.WriteString("Real Kubernetes control planes on this machine, built from public Go modules.\n\n")
	for _, v := range verbs() {
		fmt.Fprintf(&text, "  %s\n        %s\n", v.usage, v.about)
	}
	text.WriteString("\nNAME is \"default\" unless given. Each command tells more with --help.")
	return text.String()
}

func options(flags *flag.FlagSet) string {
	var text strings.Builder
	flags.SetOutput(&text)
	flags.PrintDefaults()
	return text.String()
}

func (s Shell) root() (state.Root, error) { return state.RootFrom(s.Getenv) }

func (s Shell) cluster(name string) (state.Root, state.Cluster, error) {
	root, err := s.root()
	if err != nil {
		return "", state.Cluster{}, err
	}
	cluster, err := root.Cluster(name)
	if err != nil {
		return "", state.Cluster{}, usage("%w", err)
	}
	return root, cluster, nil
}

// named is the cluster of a command that has no other option.
func (s Shell) named(flags *flag.FlagSet, words []string) (state.Cluster, error) {
	name := flags.String("name", defaultName, "`name` of the cluster")
	if err := parse(flags, words); err != nil {
		return state.Cluster{}, err
	}
	_, cluster, err := s.cluster(*name)
	return cluster, err
}

func (s Shell) releases() string { return filepath.Join(s.Source, "kubernetes") }

// builder finds Go by the same tool as everything else here.
func (s Shell) builder() (build.Cache, error) {
	folder, err := build.Folder(s.Getenv)
	if err != nil {
		return build.Cache{}, err
	}
	finder := exec.Command(filepath.Join(s.Source, "..", "..", "tools", "find-go"))
	path, err := finder.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return build.Cache{}, errors.New(strings.TrimSpace(string(exit.Stderr)))
		}
		return build.Cache{}, err
	}
	return build.Cache{
		Folder: folder, Go: strings.TrimSpace(string(path)), Progress: s.Progress,
	}, nil
}

func (s Shell) release(c build.Cache, minor string) (release.Release, error) {
	r, err := release.Read(c.Go, s.releases(), strings.TrimPrefix(minor, "v"))
	if errors.Is(err, release.ErrUnknown) {
		return r, usage("%w", err)
	}
	return r, err
}
