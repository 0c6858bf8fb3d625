package main

import (
	"strings"
	"testing"
)

func TestReadCountsEachOutcome(t *testing.T) {
	suites, err := read(strings.NewReader(`
{"Action":"run","Package":"p","Test":"A"}
{"Action":"pass","Package":"p","Test":"A","Elapsed":0.5}
{"Action":"output","Package":"p","Test":"B","Output":"why\n"}
{"Action":"fail","Package":"p","Test":"B"}
{"Action":"output","Package":"p","Test":"C","Output":"no need\n"}
{"Action":"skip","Package":"p","Test":"C"}
{"Action":"fail","Package":"p"}
`[1:]))
	if err != nil {
		t.Fatal(err)
	}
	p := suites["p"]
	if p.Tests != 3 || p.Failures != 1 || p.Skipped != 1 {
		t.Fatalf("counted %d tests, %d failures, %d skipped", p.Tests, p.Failures, p.Skipped)
	}
	if p.Cases[1].Failure.Text != "why\n" {
		t.Fatalf("the failure says %q", p.Cases[1].Failure.Text)
	}
}

func TestReadCountsAPackageThatDoesNotCompile(t *testing.T) {
	suites, err := read(strings.NewReader(`{"Action":"fail","Package":"p"}`))
	if err != nil {
		t.Fatal(err)
	}
	if p := suites["p"]; p.Failures != 1 || p.Cases[0].Name != "package" {
		t.Fatalf("got %+v", p)
	}
}

func TestReadRefusesWhatIsNoEvent(t *testing.T) {
	if _, err := read(strings.NewReader("FAIL")); err == nil {
		t.Fatal("took it")
	}
}
