// Command nri plays a container runtime towards plugins of its node resource interface, with the code that
// containerd and CRI-O have for that. It runs no containers: it tells of those that it is told of.
//
//	nri --socket SOCKET --commands FIFO [--pods N] [--request-timeout TIME]
//
// A line "synchronized PODS CONTAINERS" says that a plugin was told of all that is there; so many pods are
// there from the beginning, of 10 KB each. Commands are lines:
//
//	create UID NAME ID    the container ID of the pod UID will be made
//	start UID NAME ID     it is made, and its first process waits
//	remove UID NAME ID    it is gone
//
// After each, when all plugins have answered, comes a line "VERB ID MICROSECONDS", or "failed VERB ID: WHY".
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/containerd/nri/pkg/adaptation"
)

// As long as kubectl's last-applied-configuration may be: messages are cut over frames.
var filler = strings.Repeat("0123456789", 1000)

type runtime struct {
	sync.Mutex
	pods       map[string]*adaptation.PodSandbox
	containers map[string]*adaptation.Container
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "nri:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("nri", flag.ContinueOnError)
	socket := flags.String("socket", "", "where plugins connect")
	commands := flags.String("commands", "", "a named pipe with commands")
	pods := flags.Int("pods", 0, "how many pods are there at the beginning")
	timeout := flags.Duration("request-timeout", 2*time.Second, "how long a plugin may take to answer")
	if err := flags.Parse(args); err != nil {
		return err
	}
	adaptation.SetPluginRequestTimeout(*timeout)
	there := &runtime{
		pods:       map[string]*adaptation.PodSandbox{},
		containers: map[string]*adaptation.Container{},
	}
	for i := range *pods {
		uid := fmt.Sprintf("uid-%d", i)
		there.pods[uid] = pod(uid)
		id := fmt.Sprintf("id-%d", i)
		there.containers[id] = container(uid, "server", id)
	}
	none := filepath.Join(filepath.Dir(*socket), "none")
	adapted, err := adaptation.New("played", "1.0", there.synchronize, there.update,
		adaptation.WithSocketPath(*socket),
		adaptation.WithPluginPath(none),
		adaptation.WithPluginConfigPath(none))
	if err != nil {
		return err
	}
	if err := adapted.Start(); err != nil {
		return err
	}
	defer adapted.Stop()
	fmt.Println("listening")
	return there.obey(*commands, adapted)
}

// obey carries out what comes through the pipe, until its last writer is gone.
func (r *runtime) obey(commands string, adapted *adaptation.Adaptation) error {
	pipe, err := os.Open(commands)
	if err != nil {
		return err
	}
	defer pipe.Close()
	lines := bufio.NewScanner(pipe)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) != 4 {
			return fmt.Errorf("read command: %q: VERB UID NAME ID", lines.Text())
		}
		verb, uid, name, id := words[0], words[1], words[2], words[3]
		begin := time.Now()
		if err := r.happens(adapted, verb, uid, name, id); err != nil {
			fmt.Printf("failed %s %s: %v\n", verb, id, err)
			continue
		}
		fmt.Printf("%s %s %d\n", verb, id, time.Since(begin).Microseconds())
	}
	return lines.Err()
}

func (r *runtime) happens(adapted *adaptation.Adaptation, verb, uid, name, id string) error {
	ctx := context.Background()
	r.Lock()
	if _, ok := r.pods[uid]; !ok {
		r.pods[uid] = pod(uid)
	}
	if _, ok := r.containers[id]; !ok {
		r.containers[id] = container(uid, name, id)
	}
	pod, container := r.pods[uid], r.containers[id]
	if verb == "remove" {
		delete(r.containers, id)
	}
	r.Unlock()
	switch verb {
	case "create":
		_, err := adapted.CreateContainer(ctx, &adaptation.CreateContainerRequest{Pod: pod, Container: container})
		return err
	case "start":
		return adapted.StartContainer(ctx, &adaptation.StartContainerRequest{Pod: pod, Container: container})
	case "remove":
		return adapted.RemoveContainer(ctx, &adaptation.RemoveContainerRequest{Pod: pod, Container: container})
	}
	return fmt.Errorf("no such verb")
}

func (r *runtime) synchronize(ctx context.Context, tell adaptation.SyncCB) error {
	r.Lock()
	defer r.Unlock()
	var pods []*adaptation.PodSandbox
	for _, pod := range r.pods {
		pods = append(pods, pod)
	}
	var containers []*adaptation.Container
	for _, container := range r.containers {
		containers = append(containers, container)
	}
	if _, err := tell(ctx, pods, containers); err != nil {
		fmt.Printf("failed synchronize: %v\n", err)
		return err
	}
	fmt.Printf("synchronized %d %d\n", len(pods), len(containers))
	return nil
}

func (r *runtime) update(_ context.Context, _ []*adaptation.ContainerUpdate) ([]*adaptation.ContainerUpdate, error) {
	return nil, fmt.Errorf("no plugin here updates containers")
}

func pod(uid string) *adaptation.PodSandbox {
	return &adaptation.PodSandbox{
		Id:          "sandbox-" + uid,
		Name:        "pod-" + uid,
		Uid:         uid,
		Namespace:   "played",
		Annotations: map[string]string{"kubectl.kubernetes.io/last-applied-configuration": filler},
	}
}

func container(uid, name, id string) *adaptation.Container {
	return &adaptation.Container{Id: id, PodSandboxId: "sandbox-" + uid, Name: name}
}
