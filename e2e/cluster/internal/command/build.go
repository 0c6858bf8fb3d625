package command

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"taskstorage.io/e2e/cluster/internal/build"
	"taskstorage.io/e2e/cluster/internal/process"
	"taskstorage.io/e2e/cluster/internal/release"
)

func buildOnly(s Shell, ctx context.Context, flags *flag.FlagSet, words []string) error {
	minor := flags.String("kubernetes", defaultMinor, "`version` of Kubernetes")
	all := flags.Bool("all", false, "build every version that there is")
	nodes := flags.Bool("nodes", false, "what nodes need too")
	detach := flags.Bool("detach", false, "build in the background; up waits for it")
	whilePID := flags.Int("while-pid", 0, "stop building when this `process` is gone")
	if err := parse(flags, words); err != nil {
		return err
	}
	o, err := ownerOf(*whilePID)
	if err != nil {
		return err
	}
	cache, err := s.builder()
	if err != nil {
		return err
	}
	minors := []string{*minor}
	if *all {
		if minors, err = release.Minors(s.releases()); err != nil {
			return err
		}
	}
	releases := make([]release.Release, len(minors))
	for i := range minors {
		if releases[i], err = s.release(cache, minors[i]); err != nil {
			return err
		}
	}
	if *nodes {
		newest, err := s.release(cache, defaultMinor)
		if err != nil {
			return err
		}
		needed, err := s.nodeReleases(cache, newest)
		if err != nil {
			return err
		}
		releases = append(releases, needed...)
	}
	if *detach {
		return s.detach(cache, releases, what(*all, *nodes, *minor), o)
	}
	if o.pid != 0 {
		var stop context.CancelCauseFunc
		ctx, stop = context.WithCancelCause(ctx)
		defer stop(nil)
		go func() {
			_ = awaitEnd(o)
			stop(fmt.Errorf("build Kubernetes: process %d is gone, for which it was", o.pid))
		}()
	}
	for _, r := range releases {
		bin, err := cache.Ensure(ctx, r)
		if err != nil {
			return err
		}
		fmt.Fprintln(s.Stdout, bin)
	}
	return nil
}

func built(s Shell, _ context.Context, flags *flag.FlagSet, words []string) error {
	minor := flags.String("kubernetes", defaultMinor, "`version` of Kubernetes")
	if err := parse(flags, words); err != nil {
		return err
	}
	cache, err := s.builder()
	if err != nil {
		return err
	}
	r, err := s.release(cache, *minor)
	if err != nil {
		return err
	}
	bin, there, err := cache.Find(r)
	if err == nil && !there {
		err = notBuilt(r)
	}
	if err == nil {
		fmt.Fprintln(s.Stdout, bin)
	}
	return err
}

func notBuilt(r release.Release) error {
	return fmt.Errorf("find programs of Kubernetes %s: they have not been built:"+
		" e2e/cluster/cluster build --kubernetes %[1]s", r.Minor)
}

// what is said to this program for it to build the same.
func what(all bool, nodes bool, minor string) []string {
	words := []string{"--kubernetes", minor}
	if all {
		words = []string{"--all"}
	}
	if nodes {
		words = append(words, "--nodes")
	}
	return words
}

// detach builds in the background, at lower priority than what it goes on beside.
func (s Shell) detach(
	cache build.Cache, releases []release.Release, what []string, o owner,
) error {
	missing := false
	for _, r := range releases {
		_, there, err := cache.Find(r)
		if err != nil {
			return err
		}
		missing = missing || !there
	}
	if !missing {
		return nil
	}
	self, err := os.Executable()
	if err == nil {
		err = os.MkdirAll(cache.Folder, 0o755)
	}
	if err != nil {
		return fmt.Errorf("build in the background: %w", err)
	}
	log := filepath.Join(cache.Folder, "build.log")
	_, err = process.Start(process.Program{
		Name: "nice", Path: "/usr/bin/nice", Folder: "/", Log: log, Mark: cache.Folder,
		Args: slices.Concat([]string{"-n", "5", self, "build"}, what,
			[]string{"--while-pid", strconv.Itoa(o.pid)}),
	})
	if err != nil {
		return err
	}
	s.Progress.Say("building Kubernetes in the background: its progress is in %s", log)
	return nil
}
