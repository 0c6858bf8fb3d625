package command

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"taskstorage.io/e2e/cluster/internal/host"
	"taskstorage.io/e2e/cluster/internal/process"
	"taskstorage.io/e2e/cluster/internal/state"
)

func env(s Shell, _ context.Context, flags *flag.FlagSet, words []string) error {
	cluster, err := s.named(flags, words)
	if err != nil {
		return err
	}
	there := standingOf(cluster)
	if !there.canGoOn() {
		return fmt.Errorf("print environment of cluster %s: it does not run: %s",
			cluster.Name, onCluster("up", cluster.Name))
	}
	if len(there.missing) > 0 {
		s.Progress.Say("cluster %s runs without %s; to start it again: %s",
			cluster.Name, strings.Join(there.missing, ", "), onCluster("up", cluster.Name))
	}
	record := there.record
	// kubectl keeps what it learned by address: another cluster may have had this one.
	fmt.Fprintf(s.Stdout, "export KUBECONFIG=%s\nexport KUBECACHEDIR=%s\nexport PATH=%s:\"$PATH\"\n",
		quote(cluster.Kubeconfig()), quote(cluster.File("kubectl-cache")), quote(record.Bin))
	for _, h := range record.Hosts {
		ground, err := host.Of(cluster, h.Number)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.Stdout, "export HOST_%[1]d_CGROUPS=%[2]s\nexport HOST_%[1]d_PINS=%[3]s\n",
			h.Number, quote(ground.Cgroups), quote(ground.Pins()))
	}
	for _, one := range record.Nodes {
		fmt.Fprintf(s.Stdout, "export NODE_%d_LOGS=%s\n",
			one.Number, quote(s.node(cluster, record, one).Logs()))
	}
	return nil
}

// quote makes one word of the shell's.
func quote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// A row is what status tells of one cluster.
type row struct {
	Name       string      `json:"name"`
	State      string      `json:"state"`
	Kubernetes string      `json:"kubernetes,omitempty"`
	Server     string      `json:"server,omitempty"`
	Kubeconfig string      `json:"kubeconfig,omitempty"`
	Bin        string      `json:"bin,omitempty"`
	Folder     string      `json:"folder"`
	Started    *time.Time  `json:"started,omitempty"`
	Processes  []processID `json:"processes,omitempty"`
	// Parts of the operator, where there are hosts: the controller first; or the nodes.
	Parts []part `json:"parts,omitempty"`
}

type processID struct {
	Program string `json:"program"`
	PID     int    `json:"pid"`
}

func status(s Shell, ctx context.Context, flags *flag.FlagSet, words []string) error {
	output := flags.String("o", "table", "`format`: table or json")
	if err := parse(flags, words); err != nil {
		return err
	}
	if *output != "table" && *output != "json" {
		return usage("-o %s: no such format: give table or json", *output)
	}
	root, err := s.root()
	if err != nil {
		return err
	}
	clusters, err := root.Clusters()
	if err != nil {
		return err
	}
	rows := make([]row, 0, len(clusters))
	for _, cluster := range clusters {
		one, err := s.rowOf(ctx, cluster)
		if err != nil {
			return err
		}
		rows = append(rows, one)
	}
	if *output == "json" {
		text, err := json.MarshalIndent(rows, "", "  ")
		fmt.Fprintf(s.Stdout, "%s\n", text)
		return err
	}
	return s.table(rows)
}

func (s Shell) rowOf(ctx context.Context, cluster state.Cluster) (row, error) {
	one := row{Name: cluster.Name, Folder: cluster.Folder}
	found, err := process.Find(cluster.Folder)
	if err != nil {
		return one, err
	}
	for _, marked := range found {
		one.Processes = append(one.Processes, processID{marked.Program, marked.PID})
	}
	switch {
	case standingOf(cluster).serves():
		one.State = "Ready"
	case cluster.Locked():
		one.State = "Changing"
	case len(found) > 0:
		one.State = "Broken"
	default:
		one.State = "Dead"
	}
	record, _ := cluster.Read()
	if record.Kubernetes != "" {
		one.Kubernetes = record.Kubernetes
		one.Server = record.Server()
		one.Kubeconfig = cluster.Kubeconfig()
		one.Bin = record.Bin
		one.Started = &record.Started
	}
	one.Parts, err = partsOf(ctx, cluster, record, one.Processes)
	one.Parts = append(one.Parts, s.nodesOf(ctx, cluster, record, one.Processes)...)
	return one, err
}

func (s Shell) table(rows []row) error {
	if len(rows) == 0 {
		fmt.Fprintln(s.Stdout, "there is no cluster")
		return nil
	}
	table := tabwriter.NewWriter(s.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tSTATE\tKUBERNETES\tSERVER\tPROCESSES")
	for _, r := range rows {
		var processes []string
		for _, p := range r.Processes {
			processes = append(processes, fmt.Sprintf("%s(%d)", p.Program, p.PID))
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", r.Name, r.State, orDash(r.Kubernetes),
			orDash(r.Server), orDash(strings.Join(processes, " ")))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	return s.partTable(rows)
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
