package command

import (
	"context"
	"fmt"
	"strconv"
	"text/tabwriter"

	"taskstorage.io/e2e/cluster/internal/host"
	"taskstorage.io/e2e/cluster/internal/operator"
	"taskstorage.io/e2e/cluster/internal/server"
	"taskstorage.io/e2e/cluster/internal/state"
)

// A part is what status tells of the controller, of an agent and its host, or of a node.
type part struct {
	Program   string `json:"program"`
	Host      int    `json:"host,omitempty"`
	Node      string `json:"node,omitempty"`
	PID       int    `json:"pid,omitempty"`
	Ready     bool   `json:"ready"`
	Port      int    `json:"port"`
	DebugPort int    `json:"debugPort,omitempty"`
	Log       string `json:"log"`
	Cgroups   string `json:"cgroups,omitempty"`
	Bpffs     string `json:"bpffs,omitempty"`
	Pins      string `json:"pins,omitempty"`
	Kernel    string `json:"kernel,omitempty"`
}

// address is where it serves.
func (p part) address() string {
	scheme := "http"
	if p.Kernel != "" {
		scheme = "https"
	}
	return fmt.Sprintf("%s://127.0.0.1:%d", scheme, p.Port)
}

func partsOf(
	ctx context.Context, cluster state.Cluster, record state.Record, processes []processID,
) ([]part, error) {
	if len(record.Hosts) == 0 {
		return nil, nil
	}
	told := func(program string, at state.Served) part {
		one := part{
			Program: program, Port: at.Port, DebugPort: at.DebugPort, Log: server.Log(cluster, program),
		}
		for _, p := range processes {
			if p.Program == program {
				one.PID = p.PID
				one.Ready = operator.Ready(ctx, at.Port) == nil
			}
		}
		return one
	}
	parts := []part{told(operator.Controller, record.Controller)}
	for _, h := range record.Hosts {
		ground, err := host.Of(cluster, h.Number)
		if err != nil {
			return nil, err
		}
		one := told(operator.Agent(h.Number), h.Served)
		one.Host, one.Node = h.Number, h.Node
		one.Cgroups, one.Bpffs, one.Pins = ground.Cgroups, ground.Bpffs(), ground.Pins()
		parts = append(parts, one)
	}
	return parts, nil
}

// nodesOf tells of a cluster's nodes.
func (s Shell) nodesOf(
	ctx context.Context, cluster state.Cluster, record state.Record, processes []processID,
) []part {
	var parts []part
	for _, n := range record.Nodes {
		one := part{
			Program: n.Name(), Node: n.Name(), Port: n.Port, Kernel: record.Machines.Kernel,
			Log: server.Log(cluster, n.Name()),
		}
		for _, p := range processes {
			if p.Program == one.Program {
				one.PID = p.PID
				one.Ready = s.node(cluster, record, n).Ready(ctx) == nil
			}
		}
		parts = append(parts, one)
	}
	return parts
}

func (s Shell) partTable(rows []row) error {
	table := tabwriter.NewWriter(s.Stdout, 0, 0, 2, ' ', 0)
	head := "\nNAME\tPROGRAM\tNODE\tPID\tREADY\tADDRESS\n"
	for _, r := range rows {
		for _, p := range r.Parts {
			pid := ""
			if p.PID != 0 {
				pid = strconv.Itoa(p.PID)
			}
			fmt.Fprintf(table, "%s%s\t%s\t%s\t%s\t%t\t%s\n",
				head, r.Name, p.Program, orDash(p.Node), orDash(pid), p.Ready, p.address())
			head = ""
		}
	}
	return table.Flush()
}
