package story

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// loadOfEach is how many tasks a process starts: its children and, where a thread can look itself up, one of each child.
func loadOfEach() int {
	const children = 20
	if kernel() == "6.1" {
		return children
	}
	return 2 * children
}

// actsOfEach counts the process itself too.
func actsOfEach() int { return loadOfEach() + 1 }

// A count is one line of act's: what its tasks found as their first act.
type count struct {
	Act                          string
	Map                          int
	Acts, Missing, Wrong, Failed int
	LastWrong, LastError         string
}

func (c count) right() bool {
	return c == count{Act: c.Act, Map: c.Map, Acts: actsOfEach(), LastWrong: "0/0"}
}

// act builds the program whose tasks look up their own entries.
func act(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "act")
	command(t, "gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-static", "-o", program, "act/act.c")
	return program
}

// finds expects that whatever wrote to a container's log found its value, and that it was these.
func (o *operator) finds(pod string, container string, acts ...string) {
	o.t.Helper()
	for _, act := range acts {
		// A container is ready before its hook and its own program have said anything.
		o.await(fmt.Sprintf(`"act": %q`, act), "logs", "-n", namespace, pod, "-c", container)
	}
	found := map[string]bool{}
	for _, c := range o.counts(pod, container) {
		found[c.Act] = true
		o.right(pod+"/"+container, c)
	}
	if got := slices.Sorted(maps.Keys(found)); !slices.Equal(got, acts) {
		o.t.Errorf("%s/%s: acts %v, not %v", pod, container, got, acts)
	}
}

func (o *operator) right(who string, c count) {
	o.t.Helper()
	if o.mapID == 0 {
		o.mapID = c.Map
	}
	if !c.right() || c.Map != o.mapID {
		o.t.Errorf("%s: %+v, with map %d before", who, c, o.mapID)
	}
}

func (o *operator) counts(pod string, container string) []count {
	o.t.Helper()
	var all []count
	for line := range strings.Lines(o.kubectl("logs", "-n", namespace, pod, "-c", container)) {
		var c count
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			o.t.Fatalf("log of %s/%s: %q: %v", pod, container, line, err)
		}
		all = append(all, c)
	}
	return all
}

func (o *operator) execIn(pod string, container string) {
	o.t.Helper()
	var c count
	// It fails if not all is as expected.
	text := o.kubectl("exec", "-n", namespace, pod, "-c", container, "--", "/act", "exec")
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		o.t.Fatalf("exec in %s/%s: %q: %v", pod, container, text, err)
	}
	o.right(pod+"/"+container, c)
}
