// Package state keeps what is known of each cluster in one folder per name, below the user's state
// folder.
//
// Reading order: [Root], [Cluster], [Cluster.Lock], [Record], [Root.ChoosePorts].
//
// Invariants:
//
//   - (A) Whoever changes a cluster holds its folder's lock; the kernel lets go of it when the
//     holder ends, however it ends.
//   - (B) A record says Ready only after every server answered. What is not Ready and not locked
//     was cut off half-way and is cleared away by the next command that changes it.
//   - (C) Folders are 0700 and files 0600: they hold the keys of a cluster.
//   - (D) The folder's path is the mark of the cluster's processes.
package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"syscall"
	"time"
)

// A Root holds the folders of all clusters of a user.
type Root string

// RootFrom finds the root by the environment: XDG_STATE_HOME, else below HOME.
func RootFrom(getenv func(string) string) (Root, error) {
	home := getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(home) {
		if getenv("HOME") == "" {
			return "", errors.New("find state folder: neither XDG_STATE_HOME nor HOME is set: set one")
		}
		home = filepath.Join(getenv("HOME"), ".local", "state")
	}
	return Root(filepath.Join(home, "taskstorage", "clusters")), nil
}

var validName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// Cluster names one cluster, which need not exist.
func (r Root) Cluster(name string) (Cluster, error) {
	if !validName.MatchString(name) {
		return Cluster{}, fmt.Errorf("--name %q: no name of a cluster:"+
			" give up to 63 of a-z, 0-9 and -, beginning and ending with a letter or digit", name)
	}
	return Cluster{Name: name, Folder: filepath.Join(string(r), name)}, nil
}

// Clusters lists the clusters that have a folder, by name.
func (r Root) Clusters() ([]Cluster, error) {
	entries, err := os.ReadDir(string(r))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("list clusters: %w", err)
	}
	var clusters []Cluster
	for _, entry := range entries {
		if cluster, err := r.Cluster(entry.Name()); err == nil && entry.IsDir() {
			clusters = append(clusters, cluster)
		}
	}
	return clusters, nil
}

// A Cluster has a name and a folder.
type Cluster struct {
	Name   string
	Folder string
}

// File is the path of something in the cluster's folder.
func (c Cluster) File(words ...string) string {
	return filepath.Join(append([]string{c.Folder}, words...)...)
}

// Exists tells whether the folder is there.
func (c Cluster) Exists() bool {
	_, err := os.Stat(c.Folder)
	return err == nil
}

// A Lock is held on a cluster until it is released or this program ends.
type Lock struct{ folder *os.File }

// Lock makes the cluster's folder if need be and locks it. If somebody else holds it, waiting is
// called once and this waits.
func (c Cluster) Lock(waiting func()) (*Lock, error) {
	for {
		if err := os.MkdirAll(c.Folder, 0o700); err != nil {
			return nil, fmt.Errorf("make folder of cluster %s: %w", c.Name, err)
		}
		folder, err := os.Open(c.Folder)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("lock cluster %s: %w", c.Name, err)
		}
		if err := flock(folder, waiting); err != nil {
			folder.Close()
			return nil, fmt.Errorf("lock cluster %s: %w", c.Name, err)
		}
		// The holder before may have removed the folder: then this lock is on nothing.
		held, heldErr := folder.Stat()
		there, thereErr := os.Stat(c.Folder)
		if heldErr == nil && thereErr == nil && os.SameFile(held, there) {
			return &Lock{folder}, nil
		}
		folder.Close()
	}
}

// TryLock locks an existing cluster if nobody else holds it.
func (c Cluster) TryLock() (*Lock, bool) {
	folder, err := os.Open(c.Folder)
	if err != nil {
		return nil, false
	}
	if syscall.Flock(int(folder.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		folder.Close()
		return nil, false
	}
	return &Lock{folder}, true
}

func flock(file *os.File, waiting func()) error {
	fd := int(file.Fd())
	err := syscall.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB)
	if !errors.Is(err, syscall.EWOULDBLOCK) {
		return err
	}
	waiting()
	for {
		if err = syscall.Flock(fd, syscall.LOCK_EX); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// Release lets go of the cluster.
func (l *Lock) Release() {
	_ = l.folder.Close()
}

// Locked tells whether a command is at work on the cluster now.
func (c Cluster) Locked() bool {
	folder, err := os.Open(c.Folder)
	if err != nil {
		return false
	}
	defer folder.Close()
	err = syscall.Flock(int(folder.Fd()), syscall.LOCK_SH|syscall.LOCK_NB)
	return errors.Is(err, syscall.EWOULDBLOCK)
}

// Ports are where the servers of one cluster listen, on the loopback address.
type Ports struct {
	API               int `json:"api"`
	EtcdClient        int `json:"etcdClient"`
	EtcdPeer          int `json:"etcdPeer"`
	ControllerManager int `json:"controllerManager"`
	Scheduler         int `json:"scheduler"`
}

// Served is where an agent or a controller serves, on the loopback address.
type Served struct {
	Port      int `json:"port"`
	DebugPort int `json:"debugPort"`
	// Ended tells that it was ended by a command: nobody starts it again but a command.
	Ended bool `json:"ended,omitempty"`
}

// A Host is one agent's: a node that this machine plays.
type Host struct {
	Number int `json:"number"`
	// Node is the name of the Node.
	Node string `json:"node"`
	Served
}

// A Record is what outlives the command that brought a cluster up.
type Record struct {
	// Kubernetes is the version of the servers, for example v1.36.3.
	Kubernetes string `json:"kubernetes"`
	// Minor is the version as it was asked for, for example 1.36.
	Minor string `json:"minor"`
	// Bin is the folder of the executables.
	Bin     string    `json:"bin"`
	Servers []string  `json:"servers"`
	Ports   Ports     `json:"ports"`
	Started time.Time `json:"started"`
	Ready   bool      `json:"ready"`
	// SilentNodes may be Ready although no kubelet keeps them so.
	SilentNodes bool `json:"silentNodes,omitempty"`
	// Hosts by number; none where the cluster is without agents.
	Hosts []Host `json:"hosts,omitempty"`
	// Controller runs where there are hosts.
	Controller Served `json:"controller,omitzero"`
	// Nodes by number; none where the cluster is without virtual machines.
	Nodes    []Node   `json:"nodes,omitempty"`
	Machines Machines `json:"machines,omitzero"`
}

func (r Record) ports() []int {
	p := r.Ports
	all := []int{p.API, p.EtcdClient, p.EtcdPeer, p.ControllerManager, p.Scheduler,
		r.Controller.Port, r.Controller.DebugPort}
	for _, host := range r.Hosts {
		all = append(all, host.Port, host.DebugPort)
	}
	for _, node := range r.Nodes {
		all = append(all, node.Port)
	}
	return all
}

// Host finds one by its number.
func (r Record) Host(number int) (Host, bool) {
	for _, host := range r.Hosts {
		if host.Number == number {
			return host, true
		}
	}
	return Host{}, false
}

// With has the host too, instead of one of its number.
func (r Record) With(host Host) Record {
	hosts := slices.DeleteFunc(slices.Clone(r.Hosts), func(h Host) bool { return h.Number == host.Number })
	r.Hosts = append(hosts, host)
	slices.SortFunc(r.Hosts, func(a, b Host) int { return a.Number - b.Number })
	return r
}

const recordFile = "cluster.json"

// Read returns the record, and whether there is a readable one.
func (c Cluster) Read() (Record, bool) {
	text, err := os.ReadFile(c.File(recordFile))
	var record Record
	if err != nil || json.Unmarshal(text, &record) != nil {
		return Record{}, false
	}
	return record, true
}

// Write replaces the record, as a whole.
func (c Cluster) Write(record Record) error {
	text, err := json.MarshalIndent(record, "", "  ")
	if err == nil {
		err = Replace(c.File(recordFile), append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write record of cluster %s: %w", c.Name, err)
	}
	return nil
}

// Kubeconfig is the path of the file that kubectl reads.
func (c Cluster) Kubeconfig() string { return c.File("kubeconfig") }

// Server is the address of the API server.
func (r Record) Server() string { return fmt.Sprintf("https://127.0.0.1:%d", r.Ports.API) }

// Clear removes everything but the logs.
func (c Cluster) Clear() error {
	entries, err := os.ReadDir(c.Folder)
	for _, entry := range entries {
		if err == nil && entry.Name() != "logs" {
			err = os.RemoveAll(c.File(entry.Name()))
		}
	}
	if err != nil {
		return fmt.Errorf("clear folder of cluster %s: %w", c.Name, err)
	}
	return nil
}

// Remove removes the folder, whose lock the caller holds.
func (c Cluster) Remove() error {
	if err := os.RemoveAll(c.Folder); err != nil {
		return fmt.Errorf("remove folder of cluster %s: %w", c.Name, err)
	}
	return nil
}
