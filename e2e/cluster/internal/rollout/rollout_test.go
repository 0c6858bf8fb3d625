package rollout

import (
	"encoding/json"
	"testing"
)

func read[T any](t *testing.T, text string) T {
	t.Helper()
	var object T
	if err := json.Unmarshal([]byte(text), &object); err != nil {
		t.Fatal(err)
	}
	return object
}

const ready = `"conditions": [{"type": "PodScheduled", "status": "True"}, {"type": "Ready", "status": "True"}]`

const unready = `"conditions": [{"type": "PodScheduled", "status": "True"}, {"type": "Ready", "status": "False",
	"reason": "ContainersNotReady", "message": "containers with unready status: [agent]"}]`

func TestPodSaysWhyItIsNotReady(t *testing.T) {
	for name, c := range map[string]struct {
		pod      string
		want     string
		hopeless bool
	}{
		"ready": {
			`"status": {` + ready + `, "containerStatuses": [{"name": "agent", "ready": true, "state": {"running": {}}}]}`,
			"", false},
		"init container has ended": {
			`"status": {` + ready + `, "initContainerStatuses": [{"name": "mount", "ready": false,
				"state": {"terminated": {"reason": "Completed", "exitCode": 0}}}]}`,
			"", false},
		"on its way out": {
			`"metadata": {"name": "p", "deletionTimestamp": "2026-01-01T00:00:00Z"}, "status": {` + ready + `}`,
			"pod/p on node-1: it is being ended", false},
		"no node": {
			`"spec": {"nodeName": ""}, "status": {"conditions": [{"type": "PodScheduled", "status": "False",
				"reason": "Unschedulable", "message": "0/1 nodes are available: 1 Insufficient memory. "}]}`,
			"pod/p: Unschedulable: 0/1 nodes are available: 1 Insufficient memory.", false},
		"nothing known": {
			`"status": {"phase": "Pending"}`,
			"pod/p on node-1: its node has not said anything of it yet", false},
		"evicted": {
			`"status": {"phase": "Failed", "reason": "Evicted", "message": "low on memory"}`,
			"pod/p on node-1: low on memory", false},
		"being made": {
			`"status": {` + unready + `, "containerStatuses": [{"name": "agent",
				"state": {"waiting": {"reason": "ContainerCreating"}}}]}`,
			"pod/p on node-1: ContainersNotReady: containers with unready status: [agent]", false},
		"no image": {
			`"status": {` + unready + `, "containerStatuses": [{"name": "agent",
				"state": {"waiting": {"reason": "ErrImageNeverPull", "message": "image \"x\" is not present"}}}]}`,
			`pod/p on node-1: ErrImageNeverPull: image "x" is not present`, true},
		"starting": {
			`"status": {` + unready + `, "containerStatuses": [{"name": "agent", "restartCount": 7,
				"state": {"running": {}}, "lastState": {"terminated": {"reason": "Error", "exitCode": 1}}}]}`,
			"pod/p on node-1, container agent: it runs, and is not ready", false},
		"ended once": {
			`"status": {` + unready + `, "containerStatuses": [{"name": "agent", "restartCount": 0,
				"state": {"terminated": {"reason": "Error", "exitCode": 1}}}]}`,
			"pod/p on node-1, container agent: it ended with exit code 1, Error", false},
		"ends again and again": {
			`"status": {` + unready + `, "containerStatuses": [{"name": "agent", "restartCount": 3,
				"state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 20s"}},
				"lastState": {"terminated": {"reason": "OOMKilled", "exitCode": 137}}}]}`,
			"pod/p on node-1, container agent: it ended with exit code 137, OOMKilled", true},
	} {
		// A field that is given again decides.
		text := `{"items": [{"metadata": {"name": "p"}, "spec": {"nodeName": "node-1"}, ` + c.pod + `}]}`
		waiting := read[podList](t, text).waiting()
		got, hopeless := "", false
		if len(waiting) > 0 {
			got, hopeless = waiting[0].String(), waiting[0].Hopeless
		}
		if got != c.want || hopeless != c.hopeless {
			t.Errorf("%s: %q, hopeless %t", name, got, hopeless)
		}
	}
}

func TestWorkloadSaysWhatItLacks(t *testing.T) {
	for status, want := range map[string]string{
		`"observedGeneration": 2, "desiredNumberScheduled": 2, "updatedNumberScheduled": 2, "numberAvailable": 2`: "",
		`"observedGeneration": 1`: "the controller-manager has not seen it yet",
		`"observedGeneration": 2`: "no node wants a pod of it",
		`"observedGeneration": 2, "desiredNumberScheduled": 2, "updatedNumberScheduled": 1, "numberAvailable": 2`: "1 of 2 pods are of its newest form",
		`"observedGeneration": 2, "desiredNumberScheduled": 2, "updatedNumberScheduled": 2, "numberAvailable": 1`: "1 of 2 pods are available",
	} {
		agents := read[workload](t, `{"metadata": {"generation": 2}, "status": {`+status+`}}`)
		if got := agents.agentsLack(); got != want {
			t.Errorf("%s: %q", status, got)
		}
	}
	for status, want := range map[string]string{
		`"observedGeneration": 2, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2`: "",
		`"observedGeneration": 1`: "the controller-manager has not seen it yet",
		`"observedGeneration": 2, "replicas": 2, "updatedReplicas": 1, "availableReplicas": 2`: "1 of 2 pods are of its newest form",
		`"observedGeneration": 2, "replicas": 2, "updatedReplicas": 2`:                         "0 of 2 pods are available",
		`"observedGeneration": 2, "replicas": 3, "updatedReplicas": 2, "availableReplicas": 2`: "3 of 2 pods are there: older ones have not ended",
	} {
		controllers := read[workload](t, `{"metadata": {"generation": 2}, "spec": {"replicas": 2}, "status": {`+status+`}}`)
		if got := controllers.controllersLack(); got != want {
			t.Errorf("%s: %q", status, got)
		}
	}
}
