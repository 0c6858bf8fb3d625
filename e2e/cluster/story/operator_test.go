package story

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"taskstorage.io/e2e/cluster/internal/image"
	"taskstorage.io/e2e/cluster/internal/rollout"
)

const (
	namespace = "acts"
	agents    = "daemonset/" + rollout.Agents
)

// An operator is installed in a cluster, with pods whose tasks look up their own entries.
type operator struct {
	cluster
	// mapID is the kernel's, of the map that all tasks found so far.
	mapID int
}

// operatorStory tries what the operator is for: every task of a selected pod finds its value before its
// first instruction, whatever becomes of the agent.
func operatorStory(c cluster) {
	o := &operator{cluster: c}
	for _, step := range []struct {
		name string
		run  func(*operator)
	}{
		{"Install", (*operator).install},
		{"FirstAct", (*operator).firstAct},
		{"Crowd", (*operator).comeAndGo},
		{"Exec", (*operator).exec},
		{"NoAgent", (*operator).noAgent},
		{"TakeOver", (*operator).takeOver},
		{"Upgrade", (*operator).upgrade},
		{"Attacked", (*operator).attacked},
		{"PodsGone", (*operator).podsGone},
		{"Uninstall", (*operator).uninstall},
	} {
		if !c.t.Run(step.name, func(t *testing.T) {
			o.t = t
			step.run(o)
		}) {
			c.t.Fatal("without this step the others say nothing")
		}
	}
}

func (o *operator) install() {
	for name, program := range map[string]string{"act": act(o.t), "busybox": "/bin/busybox"} {
		archive := filepath.Join(o.t.TempDir(), name+".tar")
		if err := image.Write("localhost/"+name+":1", program, archive); err != nil {
			o.t.Fatal(err)
		}
		o.run("load", archive)
	}
	o.run("deploy")
	o.kubectl("apply", "-f", "node.yaml", "-f", "operator.yaml")
	o.kubectl("wait", "--for=condition=Ready", "tsmap/acts", "ctspolicy/acts-pods", "ctspolicy/acts-first",
		"ctspolicy/acts-side", "pod/node", "--timeout=10m")

	// That the runtime tells of containers comes later.
	o.await(`"ContainerEvents".*"propagation":"InKernel"`, "get", "tsnode", "node-1", "-o",
		"jsonpath={.status.agent}")
	boot := o.kubectl("get", "node", "node-1", "-o", "jsonpath={.status.nodeInfo.bootID}")
	if got := o.kubectl("get", "tsnode", "node-1", "-o", "jsonpath={.status.agent.bootID}"); got != boot {
		o.t.Errorf("node state: boot %q, not %q", got, boot)
	}
}

func (o *operator) firstAct() {
	o.kubectl("apply", "-f", "pods.yaml")
	o.kubectl("rollout", "status", "-n", namespace, "deployment/acts", "--timeout=20m")

	pods := o.pods()
	if len(pods) != 2 {
		o.t.Errorf("pods: %v", pods)
	}
	for _, pod := range pods {
		o.findsAll(pod)
	}
	o.hasWritten("late", 0)
}

// findsAll expects that each container of a pod found its values, and whoever else was started in it.
func (o *operator) findsAll(pod string) {
	o.t.Helper()
	o.finds(pod, "first", "once")
	o.finds(pod, "main", "hook", "start")
	o.finds(pod, "side", "probe", "start")
}

func written(cause string) string {
	return fmt.Sprintf("taskstorage_entries_written_total{cause=%q}", cause)
}

// hasWritten expects so many entries that the agent which runs has written for a cause.
func (o *operator) hasWritten(cause string, want int) {
	o.t.Helper()
	got := o.kubectl(o.metric(written(cause))...)
	if got != fmt.Sprintf("%d.0\n", want) {
		o.t.Errorf("%s: %q, not %d", cause, got, want)
	}
}

func (o *operator) pods() []string {
	o.t.Helper()
	return strings.Fields(o.kubectl("get", "pods", "-n", namespace, "-l", "app=acts", "-o",
		"jsonpath={.items[*].metadata.name}"))
}

// exec starts a process in each container from outside.
func (o *operator) exec() {
	for _, pod := range o.pods() {
		o.execIn(pod, "main")
		o.execIn(pod, "side")
	}
}

// noAgent kills the agent and lets none come: tasks start as before in containers that have their
// values, and in a pod that is new without one until an agent is back.
func (o *operator) noAgent() {
	first := o.pods()[0]
	o.onNode("killall", "-9", "taskstorage")
	o.kubectl("patch", agents, "-n", rollout.Namespace, "-p",
		`{"spec": {"template": {"spec": {"nodeSelector": {"taskstorage.io/agent": "none"}}}}}`)
	o.await(`^none\n$`, o.inNode("sh", "-c", "/busybox pidof taskstorage || echo none")...)
	o.await(`^$`, "get", "pods", "-n", rollout.Namespace, "-l", agentLabel, "-o", "name")

	o.execIn(first, "main")
	o.execIn(first, "side")
	o.kubectl("exec", "-n", namespace, first, "-c", "main", "--", "/act", "end")
	o.await(`^1 true$`, "get", "pod", "-n", namespace, first, "-o",
		`jsonpath={.status.containerStatuses[?(@.name=="main")]['restartCount', 'ready']}`)
	o.finds(first, "main", "hook", "start")

	o.kubectl("apply", "-f", "late.yaml")
	o.kubectl("wait", "-n", namespace, "--for=condition=Ready", "pod/late", "--timeout=10m")
	o.await(`start`, "logs", "-n", namespace, "late")
	if got := o.counts("late", "main")[0]; got.Missing != actsOfEach() {
		o.t.Errorf("a pod that starts while no agent runs: %+v", got)
	}

	before := o.threadsOf("late")
	o.kubectl("patch", agents, "-n", rollout.Namespace, "-p",
		`{"spec": {"template": {"spec": {"nodeSelector": {"taskstorage.io/agent": null}}}}}`)
	o.kubectl("rollout", "status", "-n", rollout.Namespace, agents, "--timeout=20m")
	// What runs in the pod has run without: its own process, and the threads of its sandbox. Of these one may have
	// come meanwhile, before the agent or after it.
	var counts []string
	for count, after := before, o.threadsOf("late"); count <= after; count++ {
		counts = append(counts, fmt.Sprint(count))
	}
	o.await(`^(`+strings.Join(counts, "|")+`)\.0\n$`, o.metric(written("late"))...)
	o.execIn("late", "main")
	o.exec()
}

func (o *operator) threadsOf(pod string) int {
	o.t.Helper()
	uid := o.kubectl("get", "pod", "-n", namespace, pod, "-o", "jsonpath={.metadata.uid}")
	return strings.Count(o.onNode("sh", "-c",
		"/busybox cat /sys/fs/cgroup/kubepods/besteffort/pod"+uid+"/*/cgroup.threads"), "\n")
}

// takeOver puts another agent in the place of the one that runs, while tasks start.
func (o *operator) takeOver() {
	before, programs := o.agent(), o.programs()
	o.kubectl("rollout", "restart", "-n", rollout.Namespace, agents)
	for status := ""; !strings.Contains(status, "successfully rolled out"); {
		o.exec()
		status = o.kubectl("rollout", "status", "-n", rollout.Namespace, agents, "--watch=false")
	}
	o.nothingLacked()

	if after := o.agent(); after == before {
		o.t.Errorf("still %s", after)
	}
	if after := o.programs(); after != programs {
		o.t.Errorf("programs: %v, not %v", after, programs)
	}
}

// nothingLacked waits until there is but one agent, and expects that it found nothing to mend.
func (o *operator) nothingLacked() {
	o.t.Helper()
	// Who was before may be ending still.
	o.await(`^\S+\n$`, "get", "pods", "-n", rollout.Namespace, "-l", agentLabel, "-o", "name")
	o.exec()
	o.hasWritten("late", 0)
	o.hasWritten("foreign", 0)
}

func (o *operator) podsGone() {
	o.await(`^[1-9][0-9]*\.0\n$`, o.metric("taskstorage_entries")...)
	o.kubectl("delete", "-n", namespace, "deployment/acts", "pod/late", "--cascade=foreground", "--timeout=10m")

	o.await(`^0\.0\n$`, o.metric("taskstorage_entries")...)
	if got := o.kubectl("exec", "-n", rollout.Namespace, o.agent(), "--", "taskstorage", "entries", "acts",
		"-o", "json"); !regexp.MustCompile(`"entries" ?: ?\[ ?\]`).MatchString(got) {
		o.t.Errorf("entries: %s", got)
	}
}

// uninstall goes by docs/how-to/uninstall.md, and by docs/how-to/clean-up.md for the rest.
func (o *operator) uninstall() {
	if got := o.onNode("ls", "/sys/fs/bpf/taskstorage"); got != "acts\n" {
		o.t.Errorf("pins: %q", got)
	}
	image := o.kubectl("get", "-n", rollout.Namespace, agents, "-o",
		"jsonpath={.spec.template.spec.containers[0].image}")
	o.kubectl("delete", "ctspolicy", "--all")
	o.kubectl("delete", "tsmap", "--all")
	o.await(`^node-1 \n$`, "get", "tsnode", "-o",
		`jsonpath={range .items[*]}{.metadata.name} {.status.maps[*].name}{"\n"}{end}`)
	command(o.t, strings.TrimSpace(command(o.t, "../../helm/program")), "uninstall", "task-storage-operator",
		"--namespace", rollout.Namespace, "--kubeconfig", o.state.Kubeconfig(), "--wait", "--timeout=10m")
	o.kubectl("delete", "-k", "../../../crds")
	o.await(`^none\n$`, o.inNode("sh", "-c", "/busybox pidof taskstorage || echo none")...)

	if got := o.onNode("find", "/sys/fs/bpf", "-mindepth", "1", "!", "-type", "d"); got != "" {
		o.t.Errorf("pins that are left:\n%s", got)
	}
	o.clean(image)
	if got := o.onNode("find", "/sys/fs/bpf", "-mindepth", "1"); got != "" {
		o.t.Errorf("left:\n%s", got)
	}
	o.kubectl("delete", "-f", "node.yaml")
	o.kubectl("delete", "namespace", namespace, rollout.Namespace, "--timeout=10m")
}

// clean removes the folders, which agents leave.
func (o *operator) clean(image string) {
	o.t.Helper()
	manifest, err := os.ReadFile("clean.yaml")
	if err != nil {
		o.t.Fatal(err)
	}
	o.apply(strings.Replace(string(manifest), "image: IMAGE", "image: "+image, 1))
	o.await(`^(Succeeded|Failed)$`, "get", "pod", "clean", "-o", "jsonpath={.status.phase}")
	if got := o.kubectl("logs", "clean"); got != "removed /sys/fs/bpf/taskstorage\nremoved /sys/fs/bpf/taskstorage_agent\n" {
		o.t.Errorf("clean: %s", got)
	}
	o.kubectl("delete", "pod", "clean")
}

const agentLabel = "app.kubernetes.io/component=agent"

// agent is the name of its pod, as in pod/NAME.
func (o *operator) agent() string {
	o.t.Helper()
	names := strings.Fields(o.kubectl("get", "pods", "-n", rollout.Namespace, "-l", agentLabel, "-o", "name"))
	if len(names) != 1 {
		o.t.Fatalf("agents: %v", names)
	}
	return names[0]
}

// inNode is what has kubectl run a program of busybox, as root of the node.
func (o *operator) inNode(words ...string) []string {
	return append([]string{"exec", "node", "--", "/busybox"}, words...)
}

func (o *operator) onNode(words ...string) string {
	o.t.Helper()
	return o.kubectl(o.inNode(words...)...)
}

// metric is what has the agent itself tell a count: that of an object's status may be older.
func (o *operator) metric(name string) []string {
	o.t.Helper()
	return o.metrics("s/^" + name + " //p")
}

// metrics is what has an edit, by sed, print something of all metrics of the agent.
func (o *operator) metrics(edit string) []string {
	o.t.Helper()
	address := o.kubectl("get", "-n", rollout.Namespace, o.agent(), "-o", "jsonpath={.status.podIP}")
	return o.inNode("sh", "-c", fmt.Sprintf(
		`/busybox wget -qO- http://%s:9464/metrics | /busybox sed -n '%s'`, address, edit))
}
