// Package release knows which versions of Kubernetes can be built here: one Go module for each, in
// a folder named after its minor version, whose tool lines name the programs to build. Beside them is
// one module with what a node has besides its kubelet: containerd, runc and plugins.
//
// Reading order: [Release], [Read], [Release.Node], [ReadRuntime].
//
// Invariant: go.mod is the one place where a version is written; everything else is read from it.
package release

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A Release is one version of Kubernetes or of containerd, and the programs built of it.
type Release struct {
	// Product is Kubernetes or containerd.
	Product string
	// Minor is how a Kubernetes is asked for: 1.36. There is but one containerd.
	Minor string
	// Version of the product's module: v1.36.3.
	Version string
	// Folder of its go.mod and go.sum.
	Folder   string
	Programs []Program
	// node has the programs that only nodes need.
	node []Program
}

// A Program is built from one main package.
type Program struct {
	Name    string
	Package string
	// Libraries of C that it is built with, by pkg-config's name; empty for a program without C.
	Library string
	// Tags of go build.
	Tags string
}

// ErrUnknown tells that a version is not among those that can be built here.
var ErrUnknown = errors.New("not among the versions that can be built here")

const (
	kubernetesModule = "k8s.io/kubernetes"
	containerdModule = "github.com/containerd/containerd/v2"
)

// The main package of etcd is called server.
var names = map[string]string{"go.etcd.io/etcd/server/v3": "etcd"}

// Kubelet is the one program of Kubernetes that only nodes need.
const Kubelet = "kubelet"

// Minors lists the folders of a folder of releases, newest first.
func Minors(folder string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*", "go.mod"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("list Kubernetes versions: no module below %s", folder)
	}
	var minors []string
	for _, file := range files {
		minors = append(minors, filepath.Base(filepath.Dir(file)))
	}
	slices.Sort(minors)
	slices.Reverse(minors)
	return minors, nil
}

// Read reads the release of a minor version.
func Read(goTool string, folder string, minor string) (Release, error) {
	minors, err := Minors(folder)
	if err != nil {
		return Release{}, err
	}
	if !slices.Contains(minors, minor) {
		return Release{}, fmt.Errorf("--kubernetes %s: %w: give %s", minor, ErrUnknown,
			strings.Join(minors, " or "))
	}
	release, err := readModule(goTool, filepath.Join(folder, minor), kubernetesModule)
	release.Product, release.Minor = "Kubernetes", minor
	return release, err
}

// ReadRuntime reads the release of containerd, and of what it needs, from the module in a folder.
func ReadRuntime(goTool string, folder string) (Release, error) {
	release, err := readModule(goTool, folder, containerdModule)
	release.Product = "containerd"
	return release, err
}

func readModule(goTool string, folder string, product string) (Release, error) {
	file := filepath.Join(folder, "go.mod")
	text, err := exec.Command(goTool, "mod", "edit", "-json", file).Output()
	if err != nil {
		return Release{}, fmt.Errorf("read %s: %w", file, withStderr(err))
	}
	release, err := parse(text, product)
	if err != nil {
		return Release{}, fmt.Errorf("read %s: %w", file, err)
	}
	release.Folder = folder
	return release, nil
}

func parse(text []byte, product string) (Release, error) {
	var module struct {
		Require []struct{ Path, Version string }
		Tool    []struct{ Path string }
	}
	if err := json.Unmarshal(text, &module); err != nil {
		return Release{}, err
	}
	var release Release
	for _, require := range module.Require {
		if require.Path == product {
			release.Version = require.Version
		}
	}
	for _, tool := range module.Tool {
		name, special := names[tool.Path]
		if !special {
			name = tool.Path[strings.LastIndexByte(tool.Path, '/')+1:]
		}
		program := Program{Name: name, Package: tool.Path}
		switch name {
		case Kubelet:
			release.node = append(release.node, program)
			continue
		case "runc":
			// Without it no container starts that asks for the runtime's default filter.
			program.Library, program.Tags = "libseccomp", "seccomp"
		}
		release.Programs = append(release.Programs, program)
	}
	if release.Version == "" || len(release.Programs) == 0 {
		return Release{}, errors.New("it requires no " + product + ", or has no tool lines")
	}
	return release, nil
}

// Node is what nodes need of the same version; without programs where it has none for them.
func (r Release) Node() Release {
	r.Programs, r.node = r.node, nil
	return r
}

// Sources are the bytes that decide what is built, besides the flags and Go itself.
func (r Release) Sources() ([]byte, error) {
	var all bytes.Buffer
	own, err := filepath.Glob(filepath.Join(r.Folder, "*", "*.go"))
	if err != nil {
		return nil, err
	}
	for _, name := range append(
		[]string{filepath.Join(r.Folder, "go.mod"), filepath.Join(r.Folder, "go.sum")}, own...) {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read module of %s %s: %w", r.Product, r.Version, err)
		}
		all.Write(text)
	}
	return all.Bytes(), nil
}

// Flags of go build that make the programs of this release what their makers ship: without the
// version, the API server calls itself v0.0.0 and clients complain.
func (r Release) Flags() []string {
	const version = "k8s.io/component-base/version."
	link := "-ldflags=-s -w"
	if major, minor, ok := strings.Cut(r.Minor, "."); ok {
		link += " -X " + version + "gitVersion=" + r.Version +
			" -X " + version + "gitMajor=" + major +
			" -X " + version + "gitMinor=" + minor
	}
	return []string{"-mod=readonly", "-trimpath", "-buildvcs=false", link}
}

// Has tells whether a program of this name is built.
func (r Release) Has(name string) bool {
	return slices.ContainsFunc(r.Programs, func(p Program) bool { return p.Name == name })
}

func withStderr(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		return fmt.Errorf("%w: %s", err, bytes.TrimSpace(exit.Stderr))
	}
	return err
}
