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

// A Free finds one more port that nobody has.
type Free func() (int, error)

// ChoosePorts lets a function choose free ports that no other cluster of this user has, and write
// them into the record, before anybody else can choose.
func (r Root) ChoosePorts(choose func(Free) error) error {
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
	return choose(func() (int, error) {
		port, err := freePort(taken)
		taken[port] = true
		return port, err
	})
}

// Ports chooses those of a control plane.
func (f Free) Ports() (Ports, error) {
	var ports Ports
	err := f.fill(
		&ports.API, &ports.EtcdClient, &ports.EtcdPeer, &ports.ControllerManager, &ports.Scheduler)
	return ports, err
}

// Served chooses those of an agent or a controller.
func (f Free) Served() (Served, error) {
	var served Served
	err := f.fill(&served.Port, &served.DebugPort)
	return served, err
}

func (f Free) fill(ports ...*int) error {
	for _, port := range ports {
		var err error
		if *port, err = f(); err != nil {
			return err
		}
	}
	return nil
}

func (r Root) takenPorts() (map[int]bool, error) {
	clusters, err := r.Clusters()
	if err != nil {
		return nil, err
	}
	taken := map[int]bool{}
	for _, cluster := range clusters {
		if record, ok := cluster.Read(); ok {
			for _, port := range record.ports() {
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
