package story

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"taskstorage.io/e2e/cluster/internal/image"
	"taskstorage.io/e2e/cluster/internal/need"
	"taskstorage.io/e2e/cluster/internal/node"
	"taskstorage.io/e2e/cluster/internal/process"
	"taskstorage.io/e2e/cluster/internal/state"
)

const pod = `
apiVersion: v1
kind: Pod
metadata: {name: hello}
spec:
  hostname: greeter
  terminationGracePeriodSeconds: 1
  containers:
  - name: hello
    image: localhost/hello:1
    imagePullPolicy: Never
    securityContext: {privileged: true, seccompProfile: {type: RuntimeDefault}}
    volumeMounts: [{name: node, mountPath: /node}]
  volumes: [{name: node, hostPath: {path: /}}]
`

// A cluster is one that the command line has brought up.
type cluster struct {
	t      *testing.T
	state  state.Cluster
	record state.Record
}

func command(t *testing.T, program string, words ...string) string {
	t.Helper()
	out, err := try(program, words...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func try(program string, words ...string) (string, error) {
	ctx := context.Background()
	if slices.Contains(words, "exec") {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, answer)
		defer cancel()
	}
	cmd := exec.CommandContext(ctx, program, words...)
	// Whoever ends the test waits for nothing more of it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("%s %s: %w\n%s%s", filepath.Base(program), strings.Join(words, " "), err, out, said.String())
	}
	return string(out), err
}

const (
	// Variable whose value names a cluster that runs, with a node: parts of the test can be tried on it.
	standing = "STORY_CLUSTER"
	// Variable whose value is the series of the nodes' kernel, unless it is the usual one.
	series = "STORY_KERNEL"
	// Variable that is true where the operator is tried too, which takes a quarter of an hour.
	all = "STORY_ALL"
)

func kernel() string { return cmp.Or(os.Getenv(series), "6.12") }

func up(t *testing.T, nodes int) cluster {
	t.Helper()
	need.Met(t, node.CanRun(nodes))
	name := os.Getenv(standing)
	if name == "" {
		// That of a reader of the pages who has no other, in a place of the test's own.
		name = "default"
		t.Setenv("XDG_STATE_HOME", t.TempDir())
	}
	root, err := state.RootFrom(os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	c := cluster{t: t}
	if c.state, err = root.Cluster(name); err != nil {
		t.Fatal(err)
	}
	if os.Getenv(standing) == "" {
		t.Cleanup(func() {
			if c.state.Exists() {
				c.run("down")
			}
		})
		c.run("up", "--nodes", fmt.Sprint(nodes), "--kernel", kernel(), "--while-pid", fmt.Sprint(os.Getpid()))
	}
	c.record, _ = c.state.Read()
	return c
}

// run runs e2e/cluster/cluster.
func (c cluster) run(words ...string) string {
	c.t.Helper()
	return command(c.t, "../cluster", append(words, "--name", c.state.Name)...)
}

func (c cluster) kubectl(words ...string) string {
	c.t.Helper()
	for i := 1; ; i++ {
		out, err := try(filepath.Join(c.record.Bin, "kubectl"),
			append([]string{"--kubeconfig", c.state.Kubeconfig()}, words...)...)
		if err == nil {
			return out
		}
		// A program that fails has an exit code; anything else is the way to a node that others keep busy.
		if words[0] != "exec" || i == ways || strings.Contains(err.Error(), "exit code") {
			c.t.Fatal(err)
		}
		c.t.Logf("tried again: %s", err)
	}
}

// So many ways are tried to a program in a container. One whose connection is lost may never say so: it is given up
// after more time than any of these programs takes.
const (
	ways   = 5
	answer = 5 * time.Minute
)

// await repeats a question until the answer matches.
func (c cluster) await(pattern string, words ...string) {
	c.t.Helper()
	deadline := time.Now().Add(10 * time.Minute)
	for {
		answer := c.kubectl(words...)
		if regexp.MustCompile(pattern).MatchString(answer) {
			return
		}
		if time.Now().After(deadline) {
			c.t.Fatalf("kubectl %s: %s does not match %s", strings.Join(words, " "), answer, pattern)
		}
		time.Sleep(time.Second)
	}
}

// hello makes an archive with an image of one static program.
func hello(t *testing.T) string {
	t.Helper()
	program, archive := filepath.Join(t.TempDir(), "hello"), filepath.Join(t.TempDir(), "hello.tar")
	t.Setenv("CGO_ENABLED", "0")
	command(t, "go", "build", "-o", program, "./hello")
	if err := image.Write("localhost/hello:1", program, archive); err != nil {
		t.Fatal(err)
	}
	return archive
}

func (c cluster) apply(manifest string) {
	c.t.Helper()
	file := filepath.Join(c.t.TempDir(), "manifest.yaml")
	if err := os.WriteFile(file, []byte(manifest), 0o600); err != nil {
		c.t.Fatal(err)
	}
	c.kubectl("apply", "--server-side", "-f", file)
}

// The parts of it follow one another on one node, for to boot one takes its time.
func TestNode(t *testing.T) {
	c := up(t, 1)
	c.part("RunsPods", cluster.runsPods)
	if os.Getenv(all) == "true" {
		c.part("Tutorial", cluster.tutorial)
		c.part("Operator", operatorStory)
	}
	c.part("ComesBack", cluster.comesBack)
	c.part("LeavesNothing", cluster.leavesNothing)
	if os.Getenv(all) == "true" && os.Getenv(standing) == "" {
		t.Run("TwoNodes", twoNodes)
	}
}

// twoNodes has two in a cluster of its own: each runs pods, and goes on when the other one dies.
func twoNodes(t *testing.T) {
	c := up(t, 2)
	c.run("load", hello(t))
	for _, name := range []string{"node-1", "node-2"} {
		c.apply(strings.NewReplacer("name: hello}", "name: on-"+name+"}", "spec:", "spec:\n  nodeName: "+name).Replace(pod))
	}
	c.kubectl("wait", "--for=condition=Ready", "pod/on-node-1", "pod/on-node-2", "--timeout=10m")
	c.run("node", "kill", "--node", "2")

	for attempt := range 3 {
		if got := c.kubectl("exec", "on-node-1", "--", "/hello", "/proc/sys/kernel/hostname"); got != "greeter\n" {
			t.Errorf("attempt %d: %q", attempt, got)
		}
	}
	c.await(`^(False|Unknown)$`, "get", "node", "node-2", "-o", `jsonpath={.status.conditions[?(@.type=="Ready")].status}`)
	if got := c.kubectl("get", "node", "node-1", "-o",
		`jsonpath={.status.conditions[?(@.type=="Ready")].status}`); got != "True" {
		t.Errorf("node-1: Ready %s", got)
	}
	c.leavesNothing()
}

func (c cluster) part(name string, run func(cluster)) {
	c.t.Run(name, func(t *testing.T) { run(cluster{t, c.state, c.record}) })
}

func (c cluster) runsPods() {
	t := c.t
	c.run("load", hello(t))
	c.apply(pod)
	c.kubectl("wait", "--for=condition=Ready", "pod/hello", "--timeout=10m")

	if got := c.kubectl("logs", "hello"); got != "hello from greeter\n" {
		t.Errorf("logs: %q", got)
	}
	for file, want := range map[string]string{
		"/node/sys/kernel/security/lsm":   `(^|,)bpf(,|$)`,
		"/node/proc/1/mounts":             `(?ms)^bpf /sys/fs/bpf bpf .*^tracefs `,
		"/node/sys/fs/cgroup":             `(?m)^kubepods$`,
		"/node/proc/sys/kernel/osrelease": `^` + regexp.QuoteMeta(kernel()) + `\.`,
		"/node/run/nri":                   `^nri\.sock\n$`,
		"/proc/self/cgroup":               `^0::/kubepods/besteffort/pod[-0-9a-f]{36}/[0-9a-f]{64}\n$`,
		"/proc/self/environ":              `KUBERNETES_SERVICE_HOST=10\.96\.0\.1\x00`,
		"https://10.96.0.1/version":       `"gitVersion": "v1\.`,
	} {
		got := c.kubectl("exec", "hello", "--", "/hello", file)
		if !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("%s: %q does not match %s", file, got, want)
		}
	}
	if got := c.run("env"); !strings.Contains(got, "\nexport NODE_1_LOGS='") {
		t.Errorf("env: %s", got)
	}
}

// comesBack: a machine that died does, as the same Node, with its images.
func (c cluster) comesBack() {
	c.run("node", "kill")
	c.run("up")
	c.await(`^[1-9]`, "get", "pod", "hello", "-o", "jsonpath={.status.containerStatuses[0].restartCount}")
	c.kubectl("wait", "--for=condition=Ready", "pod/hello", "--timeout=10m")
	if got := c.kubectl("logs", "hello"); got != "hello from greeter\n" {
		c.t.Errorf("logs after another boot: %q", got)
	}
}

func (c cluster) leavesNothing() {
	t := c.t
	c.run("down")
	if found, err := process.Find(c.state.Folder); err != nil || len(found) != 0 {
		t.Errorf("left %v, %v", found, err)
	}
	if c.state.Exists() {
		t.Errorf("left %s", c.state.Folder)
	}
	ports := []int{c.record.Ports.API}
	for _, one := range c.record.Nodes {
		ports = append(ports, one.Port)
	}
	for _, port := range ports {
		if connection, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			_ = connection.Close()
			t.Errorf("somebody serves on %d still", port)
		}
	}
}
