package state

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
)

// Ports are looked for below those that the kernel gives to outgoing connections: a port that was
// free a moment ago is not taken by chance.
const (
	firstPort = 20_000
	lastPort  = 32_000
)

// ChoosePorts finds free ports that no other cluster of this user has, and hands them to note,
// which writes them into the record, before anybody else can choose.
func (r Root) ChoosePorts(note func(Ports) error) error {
	root, err := os.Open(string(r))
	if err != nil {
		return fmt.Errorf("choose ports: %w", err)
	}
	defer root.Close()
	if err := flock(root, func() {}); err != nil {
		return fmt.Errorf("choose ports: %w", err)
	}
	taken, err := r.takenPorts()
	if err != nil {
		return err
	}
	var ports Ports
	for _, port := range []*int{
		&ports.API, &ports.EtcdClient, &ports.EtcdPeer, &ports.ControllerManager, &ports.Scheduler,
	} {
		if *port, err = freePort(taken); err != nil {
			return err
		}
		taken[*port] = true
	}
	return note(ports)
}

func (r Root) takenPorts() (map[int]bool, error) {
	clusters, err := r.Clusters()
	if err != nil {
		return nil, err
	}
	taken := map[int]bool{}
	for _, cluster := range clusters {
		if record, ok := cluster.Read(); ok {
			for _, port := range record.Ports.all() {
				taken[port] = true
			}
		}
	}
	return taken, nil
}

// freePort begins anywhere: another user's clusters, which cannot be read, begin elsewhere.
func freePort(taken map[int]bool) (int, error) {
	const count = lastPort - firstPort
	begin := rand.IntN(count)
	for i := range count {
		port := firstPort + (begin+i)%count
		if taken[port] {
			continue
		}
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			return port, listener.Close()
		}
	}
	return 0, errors.New("choose ports: none is free between 20000 and 32000:" +
		" see what listens there: ss -ltnp")
}
