// Command surefire turns the events of "go test -json" into the XML reports that the build counts, one
// for each package. It repeats the output of what failed, and fails if anything did.
package main

import (
	"bufio"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64
}

type suite struct {
	XMLName  xml.Name   `xml:"testsuite"`
	Name     string     `xml:"name,attr"`
	Tests    int        `xml:"tests,attr"`
	Errors   int        `xml:"errors,attr"`
	Skipped  int        `xml:"skipped,attr"`
	Failures int        `xml:"failures,attr"`
	Cases    []testcase `xml:"testcase"`
}

type testcase struct {
	Name    string   `xml:"name,attr"`
	Class   string   `xml:"classname,attr"`
	Time    float64  `xml:"time,attr"`
	Failure *failure `xml:"failure,omitempty"`
	Skipped *failure `xml:"skipped,omitempty"`
}

type failure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go test -json ./... | surefire REPORTS")
		os.Exit(2)
	}
	suites, err := read(os.Stdin)
	if err == nil {
		err = write(suites, os.Args[1])
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "report tests: %s\n", err)
		os.Exit(1)
	}
	tests, failures := 0, 0
	for _, suite := range suites {
		tests += suite.Tests
		failures += suite.Failures
		for _, test := range suite.Cases {
			if test.Failure != nil {
				fmt.Printf("%s.%s\n%s", suite.Name, test.Name, test.Failure.Text)
			}
		}
	}
	fmt.Printf("Tests run: %d, Failures: %d\n", tests, failures)
	if failures > 0 || tests == 0 {
		os.Exit(1)
	}
}

// read collects the outcome of each test. A package that fails without a failing test, because it
// does not compile for one, counts as a test of its own.
func read(in io.Reader) (map[string]*suite, error) {
	suites := map[string]*suite{}
	output := map[string]*strings.Builder{}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			return nil, fmt.Errorf("not an event: %s", lines.Text())
		}
		if e.Package == "" {
			continue
		}
		key := e.Package + " " + e.Test
		if output[key] == nil {
			output[key] = &strings.Builder{}
		}
		output[key].WriteString(e.Output)
		if suites[e.Package] == nil {
			suites[e.Package] = &suite{Name: e.Package}
		}
		suites[e.Package].add(e, output[key].String())
	}
	return suites, lines.Err()
}

func (s *suite) add(e event, output string) {
	if !slices.Contains([]string{"pass", "fail", "skip"}, e.Action) {
		return
	}
	if e.Test == "" && (e.Action != "fail" || s.Failures > 0) {
		return
	}
	test := testcase{Name: e.Test, Class: s.Name, Time: e.Elapsed}
	if e.Test == "" {
		test.Name = "package"
	}
	s.Tests++
	switch e.Action {
	case "fail":
		s.Failures++
		test.Failure = &failure{"failed", output}
	case "skip":
		s.Skipped++
		test.Skipped = &failure{Message: output}
	}
	s.Cases = append(s.Cases, test)
}

func write(suites map[string]*suite, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for name, suite := range suites {
		if suite.Tests == 0 {
			continue
		}
		text, err := xml.MarshalIndent(suite, "", "  ")
		if err != nil {
			return err
		}
		file := "TEST-" + strings.NewReplacer("/", ".").Replace(name) + ".xml"
		if err := os.WriteFile(filepath.Join(folder, file), append(text, '\n'), 0o644); err != nil {
			return err
		}
	}
	return nil
}
