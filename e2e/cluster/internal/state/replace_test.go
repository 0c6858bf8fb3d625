package state

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// The keeper and a command that starts a host both write its identity.
func TestFilesAreReplacedByManyAtOnce(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "kubeconfig")
	var writers sync.WaitGroup
	for _, letter := range []string{"a", "b", "c", "d"} {
		text := strings.Repeat(letter, 10_000)
		writers.Go(func() {
			for range 500 {
				if err := Replace(file, []byte(text)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	writers.Wait()

	there, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(there) != 10_000 || strings.Trim(string(there), string(there[0])) != "" {
		t.Errorf("%d bytes, not one writer's", len(there))
	}
	if entries, _ := os.ReadDir(folder); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
	about, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if about.Mode().Perm() != 0o600 {
		t.Errorf("readable by others: %v", about.Mode())
	}
}

func TestWhatCannotBeReplacedStays(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "token")
	if err := os.MkdirAll(filepath.Join(file, "full"), 0o700); err != nil {
		t.Fatal(err)
	}

	if err := Replace(file, []byte("new")); err == nil {
		t.Error("a folder was replaced by a file")
	}
	if entries, _ := os.ReadDir(folder); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}
