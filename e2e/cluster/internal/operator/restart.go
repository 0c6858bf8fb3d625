package operator

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"taskstorage.io/e2e/cluster/internal/process"
	"taskstorage.io/e2e/cluster/internal/state"
)

// How long a process that was started again may run before that is done once more.
const restartInterval = 5 * time.Second

// restart starts again what ended by itself of a cluster that is ready.
func (o Operator) restart(
	ctx context.Context, record state.Record, started map[string]time.Time, log io.Writer,
) error {
	if ended, err := o.ended(record); err != nil || len(ended) == 0 {
		return err
	}
	// A command at work on the cluster starts or ends parts itself.
	lock, free := o.Cluster.TryLock()
	if !free {
		return nil
	}
	defer lock.Release()
	record, ok := o.Cluster.Read()
	if !ok {
		return nil
	}
	ended, err := o.ended(record)
	for _, name := range ended {
		if err != nil || time.Since(started[name]) < restartInterval {
			continue
		}
		started[name] = time.Now()
		fmt.Fprintf(log, "%s %s ended, and is started again\n",
			started[name].UTC().Format(time.RFC3339), name)
		err = o.startAgain(ctx, record, name)
	}
	return err
}

// ended lists the controller and the agents that do not run and that no command ended.
func (o Operator) ended(record state.Record) ([]string, error) {
	var names []string
	if record.Ready && len(record.Hosts) > 0 && !record.Controller.Ended {
		names = append(names, Controller)
	}
	for _, h := range record.Hosts {
		if record.Ready && !h.Ended {
			names = append(names, Agent(h.Number))
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	found, err := process.Find(o.Cluster.Folder)
	return slices.DeleteFunc(names, func(name string) bool {
		return slices.ContainsFunc(found, func(m process.Marked) bool { return m.Program == name })
	}), err
}

func (o Operator) startAgain(ctx context.Context, record state.Record, name string) error {
	if name == Controller {
		return o.StartController(ctx, record.Controller, false)
	}
	for _, h := range record.Hosts {
		if Agent(h.Number) == name {
			return o.StartAgent(ctx, h, false)
		}
	}
	return nil
}
