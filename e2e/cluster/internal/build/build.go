// Package build makes the programs of a Kubernetes version from Go modules, once.
//
// What is built lies in a folder whose name is a digest of all that went in: the version's module
// files, the flags, and the Go release. The folder appears when it is complete.
package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// Version is a Kubernetes minor version that can be brought up.
type Version struct {
	// Minor as it is asked for, and the folder of its module files.
	Minor string
	// Release is what its programs call themselves.
	Release string
	// Tools are the packages to build, by the name of the program.
	Tools []Tool
}

// Tool is one program.
type Tool struct{ Name, Package string }

const etcd = "go.etcd.io/etcd/server/v3"

// Versions are all that there are, the default first.
var Versions = []Version{
	{"1.36", "v1.36.3", []Tool{
		{"etcd", etcd},
		{"kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver"},
		{"kubectl", "k8s.io/kubernetes/cmd/kubectl"},
		{"kube-controller-manager", "k8s.io/kubernetes/cmd/kube-controller-manager"},
		{"kube-scheduler", "k8s.io/kubernetes/cmd/kube-scheduler"},
	}},
	// The oldest that the definitions support. Its API server alone is what differs.
	{"1.33", "v1.33.13", []Tool{
		{"etcd", etcd},
		{"kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver"},
		{"kubectl", "k8s.io/kubernetes/cmd/kubectl"},
	}},
}

// Find returns the version that is asked for by its minor version.
func Find(minor string) (Version, error) {
	var known []string
	for _, version := range Versions {
		if version.Minor == minor {
			return version, nil
		}
		known = append(known, version.Minor)
	}
	return Version{}, fmt.Errorf("find Kubernetes %s: not a version that is built here: use one of %s", minor, strings.Join(known, ", "))
}

// Has tells whether a program belongs to the version.
func (v Version) Has(tool string) bool {
	for _, known := range v.Tools {
		if known.Name == tool {
			return true
		}
	}
	return false
}

func (v Version) flags() []string {
	return []string{"-trimpath", "-mod=readonly", "-ldflags",
		"-s -w -X k8s.io/component-base/version.gitVersion=" + v.Release}
}

// Builder builds below a cache folder.
type Builder struct {
	// Source has a folder of module files for each version, by its minor.
	Source string
	// Cache is made if need be.
	Cache string
	// Progress is told what is built and how long it took, a line each.
	Progress io.Writer
}

// Ensure returns the folder with the version's programs, and builds them if it is not there. Of
// several callers at once, in any process, one builds and the others wait.
func (b Builder) Ensure(ctx context.Context, version Version) (string, error) {
	done, found, err := b.Built(version)
	if err != nil || found {
		return done, err
	}
	unlock, err := b.lock(ctx, version)
	if err != nil {
		return "", err
	}
	defer unlock()
	if isFolder(done) {
		return done, nil
	}
	unfinished := done + ".unfinished"
	// Nobody else works there: this process has the lock, and a folder that is there was left by a crash.
	if err := os.RemoveAll(unfinished); err != nil {
		return "", fmt.Errorf("build Kubernetes %s: %w", version.Minor, err)
	}
	defer os.RemoveAll(unfinished)
	if err := b.build(ctx, version, unfinished); err != nil {
		return "", err
	}
	if err := os.Rename(unfinished, done); err != nil {
		return "", fmt.Errorf("build Kubernetes %s: %w", version.Minor, err)
	}
	return done, nil
}

// Built tells where the version's programs are or would be, and whether they are there.
func (b Builder) Built(version Version) (folder string, found bool, err error) {
	key, err := b.key(version)
	if err != nil {
		return "", false, err
	}
	folder = filepath.Join(b.Cache, "kubernetes-"+version.Minor+"-"+key)
	return folder, isFolder(folder), nil
}

func (b Builder) build(ctx context.Context, version Version, into string) error {
	begin := time.Now()
	for i, tool := range version.Tools {
		fmt.Fprintf(b.Progress, "building %s for Kubernetes %s (%d of %d) ...\n", tool.Name, version.Minor, i+1, len(version.Tools))
		if err := b.tool(ctx, version, tool, filepath.Join(into, tool.Name)); err != nil {
			return err
		}
		fmt.Fprintf(b.Progress, "built %s, %s since the start\n", tool.Name, time.Since(begin).Round(time.Second))
	}
	return nil
}

func (b Builder) tool(ctx context.Context, version Version, tool Tool, into string) error {
	args := append([]string{"build"}, version.flags()...)
	command := exec.CommandContext(ctx, "go", append(args, "-o", into, tool.Package)...)
	command.Dir = b.source(version)
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off", "GOTOOLCHAIN=local")
	// Ended with its compilers, which would otherwise go on for a while.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	said, err := command.CombinedOutput()
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("build %s: interrupted: nothing of it is kept", tool.Name)
	case err != nil:
		return fmt.Errorf("build %s: %w: the module proxy must be reachable and there must be 6 GB of free disk:\n%s", tool.Name, err, lastLines(string(said), 20))
	}
	return nil
}

func (b Builder) source(version Version) string {
	return filepath.Join(b.Source, "kubernetes", version.Minor)
}

func (b Builder) key(version Version) (string, error) {
	release, err := exec.Command("go", "env", "GOVERSION").Output()
	if err != nil {
		return "", fmt.Errorf("build Kubernetes %s: go env: %w: install Go 1.26 or newer, on the PATH", version.Minor, err)
	}
	digest := sha256.New()
	fmt.Fprintln(digest, strings.TrimSpace(string(release)), runtime.GOARCH, version.flags(), version.Tools)
	for _, name := range []string{"go.mod", "go.sum"} {
		content, err := os.ReadFile(filepath.Join(b.source(version), name))
		if err != nil {
			return "", fmt.Errorf("build Kubernetes %s: %w", version.Minor, err)
		}
		fmt.Fprintln(digest, name, len(content))
		digest.Write(content)
	}
	return hex.EncodeToString(digest.Sum(nil))[:16], nil
}

// lock waits for whoever builds this version now. The kernel releases the lock of a process that
// ends, however it ends.
func (b Builder) lock(ctx context.Context, version Version) (func(), error) {
	if err := os.MkdirAll(b.Cache, 0o755); err != nil {
		return nil, fmt.Errorf("build Kubernetes %s: %w", version.Minor, err)
	}
	path := filepath.Join(b.Cache, "kubernetes-"+version.Minor+".lock")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("build Kubernetes %s: %w", version.Minor, err)
	}
	for isWaiting := false; ; isWaiting = true {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { file.Close() }, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			file.Close()
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		if !isWaiting {
			fmt.Fprintf(b.Progress, "waiting for another build of Kubernetes %s ...\n", version.Minor)
		}
		select {
		case <-ctx.Done():
			file.Close()
			return nil, fmt.Errorf("build Kubernetes %s: interrupted while another build was under way", version.Minor)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func lastLines(text string, count int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if len(lines) > count {
		lines = lines[len(lines)-count:]
	}
	return strings.Join(lines, "\n")
}
