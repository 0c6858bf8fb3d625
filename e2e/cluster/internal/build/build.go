// Package build makes the programs of a release once for given inputs and keeps them in the user's
// cache folder.
//
// Reading order: [Cache], [Cache.Find], [Cache.Ensure], then prune, which removes what nobody uses.
//
// Invariants:
//
//   - (A) A folder of programs appears by one rename, complete, and goes by one; nothing is written
//     into it again. Its time is that of its last use.
//   - (B) Its name has the digest of all that decides its content: go.mod, go.sum, sources of ours,
//     the programs, flags, Go's version and target.
//   - (C) Two builds of the same at once: the second waits and finds it done. The kernel ends the
//     lock with its holder.
//   - (D) Programs that were handed out in the last 30 days, or that run, are not removed.
package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"taskstorage.io/e2e/cluster/internal/progress"
	"taskstorage.io/e2e/cluster/internal/release"
)

// A Cache keeps programs below a folder.
type Cache struct {
	Folder string
	// Go is the path of the go command.
	Go       string
	Progress progress.Progress
}

// Folder finds the cache folder by the environment: XDG_CACHE_HOME, else below HOME.
func Folder(getenv func(string) string) (string, error) {
	home := getenv("XDG_CACHE_HOME")
	if !filepath.IsAbs(home) {
		if getenv("HOME") == "" {
			return "", errors.New("find cache folder: neither XDG_CACHE_HOME nor HOME is set: set one")
		}
		home = filepath.Join(getenv("HOME"), ".cache")
	}
	return filepath.Join(home, "taskstorage", "kubernetes"), nil
}

// What of Go decides the bytes that it makes.
var goInputs = []string{
	"env", "GOVERSION", "GOOS", "GOARCH", "GOAMD64", "GOARM64", "GOEXPERIMENT",
}

// Find names the folder for the programs of a release, and tells whether they are there.
func (c Cache) Find(r release.Release) (bin string, built bool, err error) {
	sources, err := r.Sources()
	if err != nil {
		return "", false, err
	}
	command := exec.Command(c.Go, goInputs...)
	command.Dir = r.Folder
	command.Env = environment("", false)
	target, err := command.CombinedOutput()
	if err != nil {
		return "", false, failure("ask "+c.Go+" for its version", err, string(target))
	}
	digest := sha256.New()
	digest.Write(sources)
	digest.Write(target)
	fmt.Fprintln(digest, r.Flags(), r.Programs)
	key := hex.EncodeToString(digest.Sum(nil))[:12]
	bin = filepath.Join(c.Folder, strings.TrimPrefix(r.Version, "v")+"-"+key)
	_, err = os.Stat(bin)
	return bin, err == nil, nil
}

// Ensure returns the folder of the programs, and builds them if they are not there.
func (c Cache) Ensure(ctx context.Context, r release.Release) (string, error) {
	bin, built, err := c.Find(r)
	if err != nil {
		return "", err
	}
	if built && c.use(ctx, bin) {
		return bin, nil
	}
	if err := os.MkdirAll(c.Folder, 0o755); err != nil {
		return "", fmt.Errorf("make cache folder: %w", err)
	}
	unlock, err := c.lock(ctx, bin, syscall.LOCK_EX)
	if err != nil {
		return "", err
	}
	defer unlock()
	if _, err := os.Stat(bin); err != nil {
		if err := c.build(ctx, r, bin); err != nil {
			return "", err
		}
	}
	c.prune(time.Now())
	return bin, nil
}

// use notes that programs are used, and tells whether they are there still: [Cache.prune] looks at
// the time and removes them under the same lock. Where nothing can be noted, as in a cache of
// somebody else's, nothing is removed by us either.
func (c Cache) use(ctx context.Context, bin string) bool {
	unlock, err := c.lock(ctx, bin, syscall.LOCK_SH)
	if err == nil {
		defer unlock()
	}
	now := time.Now()
	return !errors.Is(os.Chtimes(bin, now, now), os.ErrNotExist)
}

// lock waits for other builds of the same, as long as the context lasts. Users share it.
func (c Cache) lock(ctx context.Context, bin string, how int) (func(), error) {
	file, err := os.OpenFile(bin+".lock", os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("lock build of %s: %w", filepath.Base(bin), err)
	}
	fd := int(file.Fd())
	unlock := func() { _ = file.Close() }
	err = syscall.Flock(fd, how|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		end := c.Progress.Step("another process builds " + filepath.Base(bin) + ": waiting")
		locked := make(chan error, 1)
		go func() {
			err := syscall.Flock(fd, how)
			for errors.Is(err, syscall.EINTR) {
				err = syscall.Flock(fd, how)
			}
			locked <- err
		}()
		select {
		case err = <-locked:
			end("done")
		case <-ctx.Done():
			end("")
			// The lock may still come: nobody is left to use it.
			go func() {
				<-locked
				unlock()
			}()
			return nil, context.Cause(ctx)
		}
	}
	if err != nil {
		unlock()
		return nil, fmt.Errorf("lock build of %s: %w", filepath.Base(bin), err)
	}
	return unlock, nil
}

func (c Cache) build(ctx context.Context, r release.Release, bin string) error {
	if err := removeStale(c.Folder, filepath.Base(bin)); err != nil {
		return err
	}
	temporary, err := os.MkdirTemp(c.Folder, "."+filepath.Base(bin)+"-")
	if err != nil {
		return fmt.Errorf("make build folder: %w", err)
	}
	defer os.RemoveAll(temporary)
	programs := filepath.Join(temporary, "bin")
	if err := needs(r); err != nil {
		return err
	}
	c.Progress.Say("build %s %s into %s: the first time takes several minutes",
		r.Product, r.Version, c.Folder)
	for i, program := range r.Programs {
		label := fmt.Sprintf("build %s (%d of %d)", program.Name, i+1, len(r.Programs))
		if err := c.compile(ctx, r, program, label, temporary); err != nil {
			return err
		}
	}
	if err := os.Rename(programs, bin); err != nil {
		return fmt.Errorf("keep what was built: %w", err)
	}
	return nil
}

func (c Cache) compile(
	ctx context.Context, r release.Release, program release.Program, label string, temporary string,
) error {
	target := filepath.Join(temporary, "bin", program.Name)
	words := append([]string{"build"}, r.Flags()...)
	if program.Tags != "" {
		words = append(words, "-tags="+program.Tags)
	}
	command := exec.CommandContext(ctx, c.Go, append(words, "-o", target, program.Package)...)
	command.Dir = r.Folder
	command.Env = environment(temporary, program.Library != "")
	// In a group of their own, the compilers can be ended with it, whoever got the signal.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	end := c.Progress.Step(label)
	said, err := command.CombinedOutput()
	if ctx.Err() != nil {
		end("")
		return context.Cause(ctx)
	}
	if err != nil {
		end("")
		return failure("build "+program.Name+" "+r.Version, err, string(said))
	}
	info, err := os.Stat(target)
	if err != nil {
		end("")
		return fmt.Errorf("build %s: %w", program.Name, err)
	}
	end(fmt.Sprintf("%d MiB", info.Size()>>20))
	return nil
}

// removeStale removes what a build that was killed left. The caller holds the lock.
func removeStale(folder string, name string) error {
	stale, err := filepath.Glob(filepath.Join(folder, "."+name+"-*"))
	for _, path := range stale {
		if err == nil {
			err = os.RemoveAll(path)
		}
	}
	if err != nil {
		return fmt.Errorf("remove an unfinished build: %w", err)
	}
	return nil
}

// needs finds out whether the libraries of C that the programs are built with are there.
func needs(r release.Release) error {
	for _, program := range r.Programs {
		if program.Library == "" {
			continue
		}
		for _, command := range [][]string{
			{"gcc", "--version"}, {"pkg-config", "--exists", program.Library},
		} {
			if err := exec.Command(command[0], command[1:]...).Run(); err != nil {
				return fmt.Errorf("build %s %s: %s: %w: run tools/test-packages",
					program.Name, r.Version, strings.Join(command, " "), err)
			}
		}
	}
	return nil
}

// environment is ours, without what would change the modules or the programs: no workspace, no
// flags of the user's, no C compiler but for programs that are built with a library of C. Go's
// temporary files go where they are removed with the rest.
func environment(temporary string, withC bool) []string {
	variables := append(os.Environ(), "GOWORK=off", "GOFLAGS=", "CGO_ENABLED=0")
	if withC {
		variables = append(variables, "CGO_ENABLED=1")
	}
	if temporary != "" {
		variables = append(variables, "GOTMPDIR="+temporary)
	}
	return variables
}
