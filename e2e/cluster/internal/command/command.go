// Package command is the command line: it parses, calls, and says what happened.
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"taskstorage.io/e2e/cluster/internal/build"
	"taskstorage.io/e2e/cluster/internal/place"
)

// UsageError is a wrong command line; the text says how it goes right.
type UsageError string

func (e UsageError) Error() string { return string(e) }

const help = `Brings up a Kubernetes control plane on this machine.

Usage: cluster COMMAND [OPTIONS]

  up      start a cluster and wait until it serves; builds its programs on first use (minutes)
            --name NAME          several may run at once (default "default")
            --kubernetes MINOR   1.36 (default), or 1.33: API server only
            --nodes N            number of nodes; 0 is all there is yet
            --while-pid PID      the cluster ends by itself when this process has ended
  env     print KUBECONFIG and PATH for a shell: eval "$(cluster env)"
            --name NAME
  status  list the clusters
  down    end a cluster and remove everything of it
            --name NAME, or --all
  build   only build the programs
            --kubernetes MINOR, or --all
  built   tell by the exit code whether they are there, and print their folder
            --kubernetes MINOR

Programs are kept in ${XDG_CACHE_HOME:-~/.cache}/taskstorage/cluster, running clusters in
${XDG_STATE_HOME:-~/.local/state}/taskstorage/clusters.
Exit codes: 0 done, 1 failed, 2 wrong usage.
`

// options of all commands; each command allows some.
type options struct {
	name       string
	kubernetes string
	nodes      int
	whilePid   int
	all        bool
}

// session is one call of the program.
type session struct {
	ctx    context.Context
	places place.Places
	out    io.Writer
	log    io.Writer
	opts   options
}

type verb struct {
	allowed []string
	run     func(*session) error
}

var verbs = map[string]verb{
	"up":     {[]string{"name", "kubernetes", "nodes", "while-pid"}, (*session).up},
	"down":   {[]string{"name", "all"}, (*session).down},
	"env":    {[]string{"name"}, (*session).env},
	"status": {nil, (*session).status},
	"build":  {[]string{"kubernetes", "all"}, (*session).build},
	"built":  {[]string{"kubernetes"}, (*session).built},
	// Not for people: up starts it detached, to end a cluster with whom it was made for.
	"watch": {[]string{"name", "while-pid"}, (*session).watch},
}

// Run carries out one command line.
func Run(ctx context.Context, args []string, out, log io.Writer) error {
	if len(args) == 0 || args[0] == "--help" || args[0] == "-h" || args[0] == "help" {
		fmt.Fprint(out, help)
		return nil
	}
	command, known := verbs[args[0]]
	if !known {
		return UsageError(fmt.Sprintf("cluster %s: no such command: see cluster --help", args[0]))
	}
	opts, err := parse(args[0], command.allowed, args[1:])
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(out, help)
		return nil
	}
	if err != nil {
		return err
	}
	places, err := place.FromEnvironment(os.Getenv)
	if err != nil {
		return err
	}
	return command.run(&session{ctx: ctx, places: places, out: out, log: log, opts: opts})
}

func parse(command string, allowed, args []string) (options, error) {
	var opts options
	flags := flag.NewFlagSet(command, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	for _, name := range allowed {
		switch name {
		case "name":
			flags.StringVar(&opts.name, name, "default", "")
		case "kubernetes":
			flags.StringVar(&opts.kubernetes, name, build.Versions[0].Minor, "")
		case "nodes":
			flags.IntVar(&opts.nodes, name, 0, "")
		case "while-pid":
			flags.IntVar(&opts.whilePid, name, 0, "")
		case "all":
			flags.BoolVar(&opts.all, name, false, "")
		}
	}
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return opts, err
		}
		return opts, UsageError(fmt.Sprintf("cluster %s: %s: see cluster --help", command, err))
	}
	if flags.NArg() > 0 {
		return opts, UsageError(fmt.Sprintf("cluster %s: %s: it takes options only: see cluster --help", command, strings.Join(flags.Args(), " ")))
	}
	if opts.nodes != 0 {
		return opts, UsageError(fmt.Sprintf("cluster %s: --nodes %d: there are no nodes yet: leave it out", command, opts.nodes))
	}
	return opts, nil
}
