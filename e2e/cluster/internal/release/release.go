// Package release knows which versions of Kubernetes can be built here: one Go module for each, in
// a folder named after its minor version, whose tool lines name the programs to build.
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

// A Release is one version of Kubernetes and the programs built of it.
type Release struct {
	// Minor is how it is asked for: 1.36.
	Minor string
	// Version of the Kubernetes module: v1.36.3.
	Version string
	// Folder of its go.mod and go.sum.
	Folder   string
	Programs []Program
}

// A Program is built from one main package.
type Program struct {
	Name    string
	Package string
}

// ErrUnknown tells that a version is not among those that can be built here.
var ErrUnknown = errors.New("not among the versions that can be built here")

const kubernetesModule = "k8s.io/kubernetes"

// The main package of etcd is called server.
var names = map[string]string{"go.etcd.io/etcd/server/v3": "etcd"}

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
	file := filepath.Join(folder, minor, "go.mod")
	text, err := exec.Command(goTool, "mod", "edit", "-json", file).Output()
	if err != nil {
		return Release{}, fmt.Errorf("read %s: %w", file, withStderr(err))
	}
	release, err := parse(text)
	if err != nil {
		return Release{}, fmt.Errorf("read %s: %w", file, err)
	}
	release.Minor = minor
	release.Folder = filepath.Join(folder, minor)
	return release, nil
}

func parse(text []byte) (Release, error) {
	var module struct {
		Require []struct{ Path, Version string }
		Tool    []struct{ Path string }
	}
	if err := json.Unmarshal(text, &module); err != nil {
		return Release{}, err
	}
	var release Release
	for _, require := range module.Require {
		if require.Path == kubernetesModule {
			release.Version = require.Version
		}
	}
	for _, tool := range module.Tool {
		name, special := names[tool.Path]
		if !special {
			name = tool.Path[strings.LastIndexByte(tool.Path, '/')+1:]
		}
		release.Programs = append(release.Programs, Program{Name: name, Package: tool.Path})
	}
	if release.Version == "" || len(release.Programs) == 0 {
		return Release{}, errors.New("it requires no " + kubernetesModule + ", or has no tool lines")
	}
	return release, nil
}

// Sources are the bytes that decide what is built, besides the flags and Go itself.
func (r Release) Sources() ([]byte, error) {
	var all bytes.Buffer
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(r.Folder, name))
		if err != nil {
			return nil, fmt.Errorf("read module of Kubernetes %s: %w", r.Minor, err)
		}
		all.Write(text)
	}
	return all.Bytes(), nil
}

// Flags of go build that make the programs of this release what their makers ship: without the
// version, the API server calls itself v0.0.0 and clients complain.
func (r Release) Flags() []string {
	const version = "k8s.io/component-base/version."
	major, minor, _ := strings.Cut(r.Minor, ".")
	return []string{
		"-mod=readonly", "-trimpath", "-buildvcs=false",
		"-ldflags=-s -w" +
			" -X " + version + "gitVersion=" + r.Version +
			" -X " + version + "gitMajor=" + major +
			" -X " + version + "gitMinor=" + minor,
	}
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
