package node

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"taskstorage.io/e2e/cluster/internal/image"
)

// What the machine answers for an archive: ctr's exit code, and what it said.
const (
	codeEnding = ".code"
	saidEnding = ".said"
)

func (n Node) images() string { return filepath.Join(n.Share(), "images") }

func (n Node) archive(name string) string { return filepath.Join(n.images(), name+".tar") }

// forgetAnswers lets all archives be imported again.
func (n Node) forgetAnswers() error {
	answers, err := filepath.Glob(filepath.Join(n.images(), "*"+codeEnding))
	for _, answer := range answers {
		err = errors.Join(err, os.Remove(answer))
	}
	return err
}

// Load has the machine import an archive, and waits until it has. The archive is kept, for the next
// boot, in place of one with the same name.
func (n Node) Load(ctx context.Context, archive image.Archive) error {
	file := n.archive(archive.Key())
	if err := os.RemoveAll(file + codeEnding); err != nil {
		return err
	}
	// By a rename: the machine must not see half of it.
	next := strings.TrimSuffix(file, ".tar") + ".new"
	if err := archive.Copy(next); err != nil {
		return fmt.Errorf("copy %s to %s: %w", archive.File, n.Name(), err)
	}
	if err := os.Rename(next, file); err != nil {
		return err
	}
	for {
		code, err := os.ReadFile(file + codeEnding)
		if err == nil {
			return n.answered(archive, file, strings.TrimSpace(string(code)))
		}
		if !n.Runs() {
			return fmt.Errorf("load %s: %s ended meanwhile", archive.File, n.Name())
		}
		select {
		case <-ctx.Done():
			return errors.Join(context.Cause(ctx), os.RemoveAll(file))
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func (n Node) answered(archive image.Archive, file string, code string) error {
	if code == "0" {
		return nil
	}
	said, _ := os.ReadFile(file + saidEnding)
	return errors.Join(
		fmt.Errorf("load %s: containerd of %s refuses it: %s", archive.File, n.Name(),
			strings.TrimSpace(string(said))),
		os.RemoveAll(file))
}
