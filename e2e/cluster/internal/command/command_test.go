package command

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
)

func TestWrongUsageIsToldFromFailure(t *testing.T) {
	for line, want := range map[string]string{
		"fly":                      "cluster fly: no such command: see cluster --help",
		"up --colour red":          "cluster up: flag provided but not defined: -colour: see cluster --help",
		"down now":                 "cluster down: now: it takes options only: see cluster --help",
		"up --nodes 2":             "cluster up: --nodes 2: there are no nodes yet: leave it out",
		"up --kubernetes 1.2":      "find Kubernetes 1.2: not a version that is built here: use one of 1.36, 1.33",
		"up --name ../x":           `name cluster "../x": not a name: use 1 to 40 of a-z, 0-9 and -, a letter or digit at both ends`,
		"status --kubernetes 1.36": "cluster status: flag provided but not defined: -kubernetes: see cluster --help",
	} {
		t.Run(line, func(t *testing.T) {
			_, err := run(t, line)
			var usage UsageError
			if !errors.As(err, &usage) || err.Error() != want {
				t.Fatalf("got %v", err)
			}
		})
	}
}

func TestWhatDoesNotRunHasNoEnvironment(t *testing.T) {
	_, err := run(t, "env --name x")
	if err == nil || err.Error() != "print environment of cluster x: it does not run: cluster up --name x" {
		t.Fatalf("got %v", err)
	}
}

func TestDownOfNothingIsDone(t *testing.T) {
	if _, err := run(t, "down --name x"); err != nil {
		t.Fatal(err)
	}
}

func TestAnOwnerMustRun(t *testing.T) {
	_, err := run(t, "up --while-pid 999999999")
	if err == nil || err.Error() != "find process 999999999: it does not run: name one that does" {
		t.Fatalf("got %v", err)
	}
}

func TestHelpNamesEveryCommandForPeople(t *testing.T) {
	out, err := run(t, "--help")
	if err != nil {
		t.Fatal(err)
	}
	for name := range verbs {
		if name != "watch" && !strings.Contains(out, "\n  "+name) {
			t.Errorf("help does not name %s", name)
		}
	}
}

func run(t *testing.T, line string) (string, error) {
	t.Helper()
	t.Setenv("TASKSTORAGE_CLUSTER_SOURCE", "../..")
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	var out, log bytes.Buffer
	err := Run(context.Background(), strings.Fields(line), &out, &log)
	return out.String(), err
}
