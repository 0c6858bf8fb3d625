package build

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// How long programs are kept after they were last used.
const keptFor = 30 * 24 * time.Hour

// What ends the name of a folder that is being removed.
const unused = "-unused"

var programsName = regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+-[0-9a-f]{12}$`)

// prune removes programs that nobody used for long and nobody runs. It fails nothing: what cannot
// be removed now is tried again after the next build.
func (c Cache) prune(now time.Time) {
	entries, err := os.ReadDir(c.Folder)
	for _, entry := range entries {
		path := filepath.Join(c.Folder, entry.Name())
		switch {
		case strings.HasPrefix(entry.Name(), ".") && strings.HasSuffix(entry.Name(), unused):
			// Somebody was killed while he removed it, or is about to be done.
			err = errors.Join(err, os.RemoveAll(path))
		case programsName.MatchString(entry.Name()) && isOld(path, now):
			err = errors.Join(err, c.remove(path, now))
		}
	}
	if err != nil {
		c.Progress.Say("remove old programs from %s: %s", c.Folder, err)
	}
}

func isOld(bin string, now time.Time) bool {
	info, err := os.Stat(bin)
	return err == nil && now.Sub(info.ModTime()) > keptFor
}

// remove takes the lock under which programs are handed out, and looks again. The lock's file stays:
// somebody may be waiting for it.
func (c Cache) remove(bin string, now time.Time) error {
	lock, err := os.OpenFile(bin+".lock", os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return err
	}
	defer lock.Close()
	err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("lock %s: %w", filepath.Base(bin), err)
	}
	if !isOld(bin, now) || runs(bin) {
		return nil
	}
	going := filepath.Join(c.Folder, "."+filepath.Base(bin)+unused)
	if err := os.Rename(bin, going); err != nil {
		return err
	}
	c.Progress.Say("removed %s: not used for %d days", filepath.Base(bin), keptFor/(24*time.Hour))
	return os.RemoveAll(going)
}

// runs tells whether a process that this user can see was started from a folder: a cluster that is
// up for long.
func runs(bin string) bool {
	programs, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil {
		return true
	}
	for _, program := range programs {
		path, err := os.Readlink(program)
		if err == nil && strings.HasPrefix(path, bin+"/") {
			return true
		}
	}
	return false
}
