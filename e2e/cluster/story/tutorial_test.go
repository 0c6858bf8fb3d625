package story

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

const tutorialPage = "../../../docs/tutorial/first-value-on-a-pod.md"

// A step is a command of a page, and what it prints there.
type step struct {
	chapter, command, output string
}

// The chapter that ends the cluster, for which others are not done yet.
const lastStep = "e2e/cluster/cluster down"

// tutorial goes through the page as a reader would, to the end of the cluster, which it leaves to others.
func (c cluster) tutorial() {
	page, err := os.ReadFile(tutorialPage)
	if err != nil {
		c.t.Fatal(err)
	}
	steps := stepsOf(string(page))
	if len(steps) == 0 || steps[len(steps)-1].command != lastStep {
		c.t.Fatalf("%s: it does not end by %s", tutorialPage, lastStep)
	}
	shell := newReader(c.t)
	for _, one := range steps[:len(steps)-1] {
		shell.follow(one)
	}
}

// stepsOf reads the blocks of a page that are marked as console.
func stepsOf(page string) []step {
	var steps []step
	chapter, inside := "", false
	for line := range strings.Lines(page) {
		line = strings.TrimSuffix(line, "\n")
		command, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case strings.HasPrefix(line, "```"):
			inside = line == "```console"
		case !inside && strings.HasPrefix(line, "## "):
			chapter = line[3:]
		case inside && isCommand:
			steps = append(steps, step{chapter: chapter, command: command})
		case inside:
			steps[len(steps)-1].output += line + "\n"
		}
	}
	return steps
}

var number = regexp.MustCompile(`^[0-9]{3,}$`)

// pattern is what the output of a step has to match. Blanks may be more or fewer; a line of three dots is any number
// of lines; three dots in a word are any characters; a number of three digits or more is one of this machine.
func (s step) pattern() *regexp.Regexp {
	var pattern strings.Builder
	pattern.WriteString("^")
	for line := range strings.Lines(s.output) {
		if line == "...\n" {
			pattern.WriteString(`(?:.*\n)*`)
			continue
		}
		var words []string
		for _, word := range strings.Fields(line) {
			if number.MatchString(word) {
				words = append(words, `[0-9]+`)
			} else {
				words = append(words, strings.ReplaceAll(regexp.QuoteMeta(word), "…", `\S*`))
			}
		}
		pattern.WriteString(`[ \t]*` + strings.Join(words, `[ \t]+`) + `[ \t]*\n`)
	}
	return regexp.MustCompile(pattern.String() + "$")
}

// onlyAsks tells whether a command may be given again until its answer is the page's.
func (s step) onlyAsks() bool {
	return strings.HasPrefix(s.command, "kubectl get ") || strings.HasPrefix(s.command, "./taskstorage ")
}

// A reader gives commands to one shell, in the project's folder.
type reader struct {
	t   *testing.T
	in  io.Writer
	out *bufio.Reader
}

func newReader(t *testing.T) reader {
	t.Helper()
	shell := exec.Command("bash")
	shell.Dir = filepath.Join("..", "..", "..")
	shell.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	in, err := shell.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := shell.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = shell.Wait()
	})
	return reader{t, in, bufio.NewReader(out)}
}

func (r reader) follow(s step) {
	r.t.Helper()
	want := s.pattern()
	deadline := time.Now().Add(10 * time.Minute)
	for {
		output, code := r.run(s.command)
		if code == 0 && want.MatchString(output) {
			return
		}
		if !s.onlyAsks() || time.Now().After(deadline) {
			r.t.Fatalf("%s: %s: exit code %d, printed:\n%snot:\n%s", s.chapter, s.command, code, output, s.output)
		}
		time.Sleep(time.Second)
	}
}

// The shell says it after each command, with its exit code.
const done = "-- done:"

// run gives one command, and returns what it printed on either stream, and its exit code.
func (r reader) run(command string) (string, int) {
	r.t.Helper()
	if _, err := fmt.Fprintf(r.in, "{ %s\n} 2>&1 </dev/null; echo \"%s $?\"\n", command, done); err != nil {
		r.t.Fatalf("%s: %v", command, err)
	}
	var output strings.Builder
	for {
		line, err := r.out.ReadString('\n')
		if err != nil {
			r.t.Fatalf("%s: the shell ended: %v\n%s", command, err, output.String())
		}
		// What a command printed last may lack its newline.
		if before, after, found := strings.Cut(line, done); found {
			code, err := strconv.Atoi(strings.TrimSpace(after))
			if err != nil {
				r.t.Fatalf("%s: %q: %v", command, line, err)
			}
			return output.String() + before, code
		}
		output.WriteString(line)
	}
}

func TestStepsOfAPage(t *testing.T) {
	got := stepsOf("# T\n## 1. One\n```console\n$ a b\nx\ny\n$ c\n```\n```yaml\n$ no\n```\n## 2. Two\n```console\n$ d\n```\n")
	want := []step{{"1. One", "a b", "x\ny\n"}, {"1. One", "c", ""}, {"2. Two", "d", ""}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, not %v", got, want)
	}
}

func TestWhatAPageLetsAStepPrint(t *testing.T) {
	for _, one := range []struct {
		page, printed string
		matches       bool
	}{
		{"", "", true},
		{"", "x\n", false},
		{"...\n", "", true},
		{"...\n", "a\nb\n", true},
		{"a b\n", "a    b\n", true},
		{"a b\n", "a c\n", false},
		{"a\n", "a\nb\n", false},
		{"2411 sh 42\n", "7 sh 42\n", true},
		{"2411 sh 42\n", "7 sh 43\n", false},
		{"pod…/… 42\n", "podx/y 42\n", true},
		{"pod…/… 42\n", "pod 42\n", false},
		{"a.c\n", "abc\n", false},
	} {
		if got := (step{output: one.page}).pattern().MatchString(one.printed); got != one.matches {
			t.Errorf("page %q, printed %q: %v", one.page, one.printed, got)
		}
	}
}

func TestAReaderTellsWhatACommandPrintedAndHowItEnded(t *testing.T) {
	shell := newReader(t)
	shell.run("x=1")
	for command, want := range map[string]string{
		"echo $x; echo error >&2": "1\nerror\n 0",
		"printf a; false":         "a 1",
		"cat":                     " 0",
	} {
		output, code := shell.run(command)
		if got := fmt.Sprintf("%s %d", output, code); got != want {
			t.Errorf("%s: %q, not %q", command, got, want)
		}
	}
}
