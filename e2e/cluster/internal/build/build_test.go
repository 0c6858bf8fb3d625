package build

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// hello is a module with one program, in place of Kubernetes: what matters here is how it is kept.
func hello(t *testing.T, text string) (Builder, Version, *bytes.Buffer) {
	t.Helper()
	source := t.TempDir()
	folder := filepath.Join(source, "kubernetes", "9.9")
	write(t, filepath.Join(folder, "go.mod"), "module hello\n\ngo 1.26.0\n")
	write(t, filepath.Join(folder, "go.sum"), "")
	write(t, filepath.Join(folder, "main.go"), text)
	var progress bytes.Buffer
	return Builder{Source: source, Cache: t.TempDir(), Progress: &progress},
		Version{Minor: "9.9", Release: "v9.9.0", Tools: []Tool{{"hello", "hello"}}}, &progress
}

func TestBuildsOnce(t *testing.T) {
	builder, version, progress := hello(t, "package main\n\nfunc main() {}\n")
	folder, err := builder.Ensure(context.Background(), version)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "hello")); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(progress.String(), "building hello for Kubernetes 9.9 (1 of 1) ...\nbuilt hello, ") {
		t.Fatalf("said %q", progress)
	}
	progress.Reset()
	again, err := builder.Ensure(context.Background(), version)
	if err != nil || again != folder || progress.Len() != 0 {
		t.Fatalf("got %s, %v, %q", again, err, progress)
	}
}

func TestOtherInputsAreBuiltElsewhere(t *testing.T) {
	builder, version, _ := hello(t, "package main\n\nfunc main() {}\n")
	before, _, err := builder.Built(version)
	if err != nil {
		t.Fatal(err)
	}
	version.Release = "v9.9.1"
	after, found, err := builder.Built(version)
	if err != nil || found || after == before {
		t.Fatalf("got %s, %v, %v", after, found, err)
	}
}

func TestAFailedBuildLeavesNothingAndSaysWhy(t *testing.T) {
	builder, version, _ := hello(t, "package main\n\nfunc main() { undefined() }\n")
	_, err := builder.Ensure(context.Background(), version)
	if err == nil || !strings.Contains(err.Error(), "build hello: ") || !strings.Contains(err.Error(), "undefined: undefined") {
		t.Fatalf("got %v", err)
	}
	entries, err := os.ReadDir(builder.Cache)
	if err != nil || len(entries) != 1 || !strings.HasSuffix(entries[0].Name(), ".lock") {
		t.Fatalf("left %v, %v", entries, err)
	}
}

func TestAnInterruptedBuildLeavesNothing(t *testing.T) {
	builder, version, _ := hello(t, "package main\n\nfunc main() {}\n")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := builder.Ensure(ctx, version); err == nil || !strings.Contains(err.Error(), "interrupted") {
		t.Fatalf("got %v", err)
	}
}

func TestEveryVersionHasItsModuleFiles(t *testing.T) {
	for _, version := range Versions {
		if _, err := (Builder{Source: "../.."}).key(version); err != nil {
			t.Error(err)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
