package story

import (
	"cmp"
	"fmt"
	"os"
	"strconv"
	"testing"
)

const (
	// Variable whose value is how many pods come and go, in batches, unless there shall be a few.
	crowd = "STORY_CROWD"
	few   = "4"
	// batch is how many of them a node has at once, within what its kubelet takes and its memory holds.
	batch = 25
)

// crowdOf is the number of pods that are to come and go.
func crowdOf(t *testing.T) int {
	t.Helper()
	text := cmp.Or(os.Getenv(crowd), few)
	pods, err := strconv.Atoi(text)
	if err != nil || pods < 1 {
		t.Fatalf("%s=%s: not a number of pods: give one of 1 or more", crowd, text)
	}
	return pods
}

// comeAndGo has pods come and go, none of which is late, and none of which leaves anything.
func (o *operator) comeAndGo() {
	all := crowdOf(o.t)
	o.kubectl("scale", "-n", namespace, "deployment/acts", "--replicas=0")
	o.nobodyIsLeft()
	for came := 0; came < all; {
		now := min(batch, all-came)
		o.kubectl("scale", "-n", namespace, "deployment/acts", fmt.Sprintf("--replicas=%d", now))
		o.kubectl("rollout", "status", "-n", namespace, "deployment/acts", "--timeout=60m")
		pods := o.pods()
		if len(pods) != now {
			o.t.Fatalf("pods: %v, not %d", pods, now)
		}
		for _, pod := range pods {
			o.findsAll(pod)
		}
		o.hasWritten("late", 0)
		o.kubectl("scale", "-n", namespace, "deployment/acts", "--replicas=0")
		o.nobodyIsLeft()
		came += now
		o.t.Logf("%d pods of %d", came, all)
	}
	o.kubectl("scale", "-n", namespace, "deployment/acts", "--replicas=2")
	o.kubectl("rollout", "status", "-n", namespace, "deployment/acts", "--timeout=20m")
}

// nobodyIsLeft waits until the node has no pod of the namespace, no entry and no row.
func (o *operator) nobodyIsLeft() {
	o.t.Helper()
	o.await(`^$`, "get", "pods", "-n", namespace, "-l", "app=acts", "-o", "name")
	o.await(`^0\.0\n$`, o.metric("taskstorage_entries")...)
	o.await(`^0\.0\n$`, o.metric("taskstorage_rows")...)
}
