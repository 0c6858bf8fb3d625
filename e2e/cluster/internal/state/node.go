package state

import "fmt"

// A Node runs in a virtual machine.
type Node struct {
	Number int `json:"number"`
	// Port is its kubelet's, in the machine and on the loopback address here.
	Port int `json:"port"`
}

// Name of the Node, and of the machine's program.
func (n Node) Name() string { return fmt.Sprintf("node-%d", n.Number) }

// Machines is what all virtual machines of a cluster are made of.
type Machines struct {
	// Kernel is the series that was asked for: 6.12.
	Kernel string `json:"kernel"`
	// Boot is the folder of the kernel and of its first files.
	Boot string `json:"boot"`
	// Emulator is the program that they run in.
	Emulator string `json:"emulator"`
	// Kubelet and Runtime are the folders of the nodes' executables.
	Kubelet string `json:"kubelet"`
	Runtime string `json:"runtime"`
}
