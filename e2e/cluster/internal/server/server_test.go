package server

import (
	"strings"
	"testing"
)

func TestLongLinesOfALogAreCut(t *testing.T) {
	got := tail([]byte("a\n" + strings.Repeat("b", 1000) + "\n"))
	if want := "  a\n  " + strings.Repeat("b", 400) + " ..."; got != want {
		t.Errorf("got %s", got)
	}
}
