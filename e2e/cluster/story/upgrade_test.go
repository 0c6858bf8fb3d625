package story

import (
	"strings"

	"taskstorage.io/e2e/cluster/internal/rollout"
)

// Programs are what the agent that runs has in the kernel.
type programs struct {
	// version is the agent's.
	version string
	// set is the number of the set that is attached.
	set string
	// tags are the kernel's, made of the instructions.
	tags string
}

func (o *operator) programs() programs {
	o.t.Helper()
	// For a moment there may be two.
	o.await(`^[1-9][0-9]*\n$`, o.inNode("ls", "/sys/fs/bpf/taskstorage_agent/programs")...)
	return programs{
		version: o.kubectl(o.metrics(`s/^taskstorage_agent_info{.*version="\([^"]*\)".*/\1/p`)...),
		set:     o.onNode("ls", "/sys/fs/bpf/taskstorage_agent/programs"),
		tags: o.onNode("sh", "-c", `/busybox cat /proc/$(/busybox pidof taskstorage)/fdinfo/* |`+
			` /busybox sed -n 's/^prog_tag:[[:space:]]*//p' | /busybox sort -u`),
	}
}

// upgrade puts a next version, with other programs, in the place of the one that runs, and then this version in
// the place of that one, while tasks start all the time.
func (o *operator) upgrade() {
	archive := strings.TrimSpace(command(o.t, "../../../operator/image/archive"))
	o.run("load", next(o.t, archive))
	o.kubectl("apply", "-f", "load.yaml")
	o.kubectl("wait", "-n", namespace, "--for=condition=Ready", "pod/load", "--timeout=10m")
	o.await(`"load"`, "logs", "-n", namespace, "load")
	first, began := o.programs(), o.load()

	o.kubectl("set", "image", "-n", rollout.Namespace, agents, "agent="+nextImage)
	o.rolledOut()
	second, between := o.programs(), o.load()
	o.kubectl("rollout", "undo", "-n", rollout.Namespace, agents)
	o.rolledOut()
	third := o.programs()

	o.kubectl("exec", "-n", namespace, "load", "--", "/act", "end")
	o.await(`"end"`, "logs", "-n", namespace, "load", "--tail=1")
	last := o.load()
	o.kubectl("delete", "pod", "-n", namespace, "load")
	if second.version != nextVersion+"\n" || second.set == first.set || second.tags == first.tags {
		o.t.Errorf("after %+v came %+v", first, second)
	}
	if third.version != first.version || third.set == second.set || third.tags != first.tags {
		o.t.Errorf("after %+v and %+v came %+v", first, second, third)
	}
	o.t.Logf("%d tasks started until the next version was there, %d more until this one was back",
		between.Acts-began.Acts, last.Acts-between.Acts)
	if began.Acts >= between.Acts || between.Acts >= last.Acts || last.Acts%loadOfEach() != 1 {
		o.t.Errorf("load: %+v, then %+v, then %+v", began, between, last)
	}
	if last.Map != o.mapID || last.Missing+last.Wrong+last.Failed != 0 {
		o.t.Errorf("load: %+v, with map %d before", last, o.mapID)
	}
}

func (o *operator) rolledOut() {
	o.t.Helper()
	o.kubectl("rollout", "status", "-n", rollout.Namespace, agents, "--timeout=30m")
	o.nothingLacked()
}

// load is what the pod that starts tasks all the time has counted so far.
func (o *operator) load() count {
	o.t.Helper()
	all := o.counts("load", "main")
	return all[len(all)-1]
}
