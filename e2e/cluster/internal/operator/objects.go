package operator

import (
	"context"
	"net/url"
	"runtime"
	"strings"
	"syscall"
	"time"

	"taskstorage.io/e2e/cluster/internal/api"
	"taskstorage.io/e2e/cluster/internal/state"
)

// A pod as far as it matters here.
type pod struct {
	Metadata struct {
		Namespace         string `json:"namespace"`
		Name              string `json:"name"`
		UID               string `json:"uid"`
		DeletionTimestamp string `json:"deletionTimestamp"`
	} `json:"metadata"`
	Spec struct {
		NodeName string `json:"nodeName"`
	} `json:"spec"`
	Status struct {
		Conditions []struct {
			Type   string `json:"type"`
			Status string `json:"status"`
		} `json:"conditions"`
	} `json:"status"`
}

func (p pod) isBeingDeleted() bool { return p.Metadata.DeletionTimestamp != "" }

func (p pod) path() string {
	return "/api/v1/namespaces/" + p.Metadata.Namespace + "/pods/" + p.Metadata.Name
}

// ready is the status of its condition; empty where it has none.
func (p pod) ready() string {
	for _, condition := range p.Status.Conditions {
		if condition.Type == "Ready" {
			return condition.Status
		}
	}
	return ""
}

func nodePath(name string) string { return "/api/v1/nodes/" + name }

func agentPodPath(h state.Host) string {
	return "/api/v1/namespaces/" + Namespace + "/pods/" + agentPod(h)
}

func agentPod(h state.Host) string { return agent + strings.TrimPrefix(Agent(h.Number), "agent") }

// makeNode makes the Node as a kubelet registers itself.
func (o Operator) makeNode(ctx context.Context, h state.Host) error {
	err := o.Client.Apply(ctx, nodePath(h.Node), api.Object{
		"apiVersion": "v1", "kind": "Node",
		"metadata": api.Object{"name": h.Node, "labels": api.Object{
			"kubernetes.io/hostname": h.Node,
			"kubernetes.io/os":       "linux",
			"kubernetes.io/arch":     runtime.GOARCH,
		}},
	}, nil)
	if err != nil {
		return err
	}
	now := time.Now().UTC().Format(time.RFC3339)
	room := api.Object{"cpu": "64", "memory": "64Gi", "pods": "110"}
	return o.Client.Apply(ctx, nodePath(h.Node)+"/status", api.Object{
		"apiVersion": "v1", "kind": "Node",
		"metadata": api.Object{"name": h.Node},
		"status": api.Object{
			"capacity": room, "allocatable": room,
			"addresses": []api.Object{
				{"type": "Hostname", "address": h.Node},
				{"type": "InternalIP", "address": "127.0.0.1"},
			},
			"conditions": []api.Object{{
				"type": "Ready", "status": "True", "reason": "Played",
				"message":           "a part of this machine plays this node; there is no kubelet",
				"lastHeartbeatTime": now, "lastTransitionTime": now,
			}},
			"nodeInfo": nodeInfo(),
		},
	}, nil)
}

// nodeInfo has a word for each field that the API wants.
func nodeInfo() api.Object {
	info := api.Object{"operatingSystem": "linux", "architecture": runtime.GOARCH}
	for _, name := range []string{
		"machineID", "systemUUID", "bootID", "osImage", "containerRuntimeVersion", "kubeletVersion",
		"kubeProxyVersion",
	} {
		info[name] = "none"
	}
	info["kernelVersion"] = kernelVersion()
	return info
}

func kernelVersion() string {
	var names syscall.Utsname
	if syscall.Uname(&names) != nil {
		return "unknown"
	}
	var text []byte
	for _, char := range names.Release {
		if char == 0 {
			break
		}
		text = append(text, byte(char))
	}
	return string(text)
}

// makeAgentPod makes the Pod as the DaemonSet does, on its node from the start.
func (o Operator) makeAgentPod(ctx context.Context, h state.Host) (pod, error) {
	var made pod
	err := o.Client.Apply(ctx, agentPodPath(h), api.Object{
		"apiVersion": "v1", "kind": "Pod",
		"metadata": api.Object{"name": agentPod(h), "labels": api.Object{
			"app.kubernetes.io/name":      "task-storage-operator",
			"app.kubernetes.io/component": "agent",
		}},
		"spec": api.Object{
			"nodeName": h.Node, "serviceAccountName": agent,
			"automountServiceAccountToken": false,
			"tolerations":                  []api.Object{{"operator": "Exists"}},
			// Nobody pulls or runs it: the process is on this machine.
			"containers": []api.Object{{"name": "agent", "image": "process-of-this-machine"}},
		},
	}, &made)
	return made, err
}

// setReady writes what a kubelet writes of a pod whose one container runs.
func (o Operator) setReady(ctx context.Context, h state.Host, ready bool) error {
	status := "False"
	if ready {
		status = "True"
	}
	now := time.Now().UTC().Format(time.RFC3339)
	condition := func(kind string, status string) api.Object {
		return api.Object{"type": kind, "status": status, "lastTransitionTime": now}
	}
	return o.Client.Apply(ctx, agentPodPath(h)+"/status", api.Object{
		"apiVersion": "v1", "kind": "Pod",
		"metadata": api.Object{"name": agentPod(h)},
		"status": api.Object{
			"phase": "Running",
			"conditions": []api.Object{
				condition("PodScheduled", "True"), condition("Initialized", "True"),
				condition("ContainersReady", status), condition("Ready", status),
			},
			"containerStatuses": []api.Object{{
				"name": "agent", "image": "process-of-this-machine", "imageID": "", "restartCount": 0,
				"ready": ready, "state": api.Object{"running": api.Object{"startedAt": now}},
			}},
		},
	}, nil)
}

// podsOf lists the pods of a node.
func (o Operator) podsOf(ctx context.Context, node string) ([]pod, error) {
	var list struct {
		Items []pod `json:"items"`
	}
	query := url.Values{"fieldSelector": {"spec.nodeName=" + node}}
	err := o.Client.Get(ctx, "/api/v1/pods?"+query.Encode(), &list)
	return list.Items, err
}
