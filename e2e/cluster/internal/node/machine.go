package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
)

const (
	qemu = "qemu-system-x86_64"
	// QEMU's own network gives a machine this address, and the host's loopback the other.
	guestAddress = "10.0.2.15"
	hostAddress  = "10.0.2.2"
	// Memory of one machine, its files in memory included.
	memoryGiB = 3
	// What the control plane and the rest of this machine are left.
	spareGiB = 1
)

// CanRun finds out before anything is built whether this machine runs so many virtual ones.
func CanRun(count int) error {
	if runtime.GOARCH != "amd64" {
		return errors.New("a node runs this machine's programs, and its kernel is for amd64:" +
			" this machine is " + runtime.GOARCH)
	}
	for _, program := range []string{qemu, "busybox"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%s is not installed: run tools/test-packages", program)
		}
	}
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return err
	}
	return fits(count, string(text))
}

func fits(count int, meminfo string) error {
	available := 0
	for line := range strings.Lines(meminfo) {
		if n, _ := fmt.Sscanf(line, "MemAvailable: %d kB", &available); n == 1 {
			break
		}
	}
	need := count*memoryGiB + spareGiB
	if available >= need<<20 {
		return nil
	}
	return fmt.Errorf("%d GiB of memory are needed, %.1f GiB are available:"+
		" give fewer nodes, or end what takes memory", need, float64(available)/(1<<20))
}

// Kernels lists the series of kernels that a machine can be booted with, from the folder of
// e2e/kernels.
func Kernels(folder string) ([]string, error) {
	text, err := os.ReadFile(filepath.Join(folder, "debian-kernels.txt"))
	if err != nil {
		return nil, fmt.Errorf("list kernels: %w", err)
	}
	var all []string
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) > 0 && !strings.HasPrefix(line, "#") {
			all = append(all, fields[0])
		}
	}
	return all, nil
}

// ErrNoKernel tells that there is no such kernel.
var ErrNoKernel = errors.New("no such kernel")

// CheckKernel refuses a series that is not listed.
func CheckKernel(folder string, series string) error {
	all, err := Kernels(folder)
	if err == nil && !slices.Contains(all, series) {
		err = fmt.Errorf("%w: give %s", ErrNoKernel, strings.Join(all, ", "))
	}
	return err
}

// Fetch returns the folder of a kernel, which is downloaded if need be.
func Fetch(ctx context.Context, folder string, series string) (string, error) {
	return printed(ctx, "fetch kernel "+series, filepath.Join(folder, "fetch"), series)
}

// Emulator returns the program that machines run in, which is downloaded if need be.
func Emulator(ctx context.Context, folder string) (string, error) {
	return printed(ctx, "find emulator", filepath.Join(folder, "emulator"))
}

// printed is the one line of a script that may download something.
func printed(ctx context.Context, what string, program string, words ...string) (string, error) {
	script := exec.CommandContext(ctx, program, words...)
	// In a group of their own, the script and what it runs end together.
	script.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	script.Cancel = func() error { return syscall.Kill(-script.Process.Pid, syscall.SIGTERM) }
	var said bytes.Buffer
	script.Stderr = &said
	found, err := script.Output()
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w:\n%s", what, err, bytes.TrimSpace(said.Bytes()))
	}
	return strings.TrimSpace(string(found)), nil
}

// arguments of QEMU. The machine's console is its output.
func (n Node) arguments() []string {
	return []string{
		// What an emulator can do beyond this processor it does slowly: page tables of five levels, wide vectors. And
		// it is older than those that build images.
		"-name", n.Name(), "-accel", "tcg,thread=multi", "-cpu", "Nehalem",
		"-smp", "2", "-m", fmt.Sprintf("%dG", memoryGiB),
		"-display", "none", "-monitor", "none", "-serial", "stdio", "-no-reboot",
		"-kernel", filepath.Join(n.Machines.Boot, "vmlinuz"),
		"-initrd", filepath.Join(n.Machines.Boot, "initramfs"),
		// Ends by itself when it dies; defends itself against nobody, which costs much here; lets BPF
		// programs be security modules.
		"-append", "console=ttyS0 quiet panic=-1 mitigations=off lsm=landlock,yama,bpf",
		"-virtfs", folder("/", "host") + ",readonly=on,multidevs=remap",
		"-virtfs", folder(n.Share(), "guest"),
		"-virtfs", folder(n.Logs(), "logs"),
		"-netdev", fmt.Sprintf("user,id=net,ipv6=off,hostfwd=tcp:127.0.0.1:%[1]d-:%[1]d", n.Port),
		"-device", "virtio-net-pci,netdev=net,romfile=",
	}
}

func folder(path string, tag string) string {
	// A comma within a value is written twice.
	return fmt.Sprintf("local,path=%s,mount_tag=%s,security_model=none",
		strings.ReplaceAll(path, ",", ",,"), tag)
}
