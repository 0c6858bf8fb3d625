// Package need is what tests ask of the machine they run on.
//
// Invariants:
//
//   - (A) A test that is left out says why.
//   - (B) Where CI is true nothing is left out: what is missing fails the test.
package need

import (
	"errors"
	"os"
	"testing"
)

// Met leaves the test out if the machine has not got what it needs, which err tells; nil = it has.
func Met(t *testing.T, err error) {
	t.Helper()
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatal("needed where CI is true:", err)
	default:
		t.Skip(err)
	}
}

// Root leaves the test out for anybody but root.
func Root(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		Met(t, errors.New("only root can make cgroups and mount a bpffs: run as root"))
	}
}
