// Package progress tells a person what a long step is at: one line that counts on a terminal, plain
// lines now and then elsewhere.
package progress

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

const (
	onTerminal = time.Second
	elsewhere  = 30 * time.Second
)

// A Progress writes to one output. One step at a time.
type Progress struct {
	out      io.Writer
	terminal bool
}

// To writes to a file, and finds out whether that is a terminal.
func To(file *os.File) Progress {
	info, err := file.Stat()
	terminal := err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
	return Progress{file, terminal}
}

// Plain writes to anything that is no terminal.
func Plain(out io.Writer) Progress {
	return Progress{out, false}
}

// Say writes one line.
func (p Progress) Say(format string, words ...any) {
	fmt.Fprintf(p.out, format+"\n", words...)
}

// Step counts the time of one step until the function that it returns is called. That says how the
// step ended, in words that follow the label; no words: nothing.
func (p Progress) Step(label string) func(outcome string) {
	began := time.Now()
	end := make(chan struct{})
	var ended sync.WaitGroup
	ended.Go(func() { p.count(label, began, end) })
	return func(outcome string) {
		close(end)
		ended.Wait()
		if outcome != "" {
			p.Say("%s: %s in %s", label, outcome, Duration(time.Since(began)))
		}
	}
}

func (p Progress) count(label string, began time.Time, end <-chan struct{}) {
	every := elsewhere
	if p.terminal {
		every = onTerminal
		fmt.Fprintf(p.out, "%s ...", label)
	} else {
		p.Say("%s ...", label)
	}
	ticks := time.NewTicker(every)
	defer ticks.Stop()
	for {
		select {
		case <-end:
			if p.terminal {
				fmt.Fprint(p.out, "\r\x1b[K")
			}
			return
		case <-ticks.C:
			if p.terminal {
				fmt.Fprintf(p.out, "\r\x1b[K%s ... %s", label, Duration(time.Since(began)))
			} else {
				p.Say("%s ... %s", label, Duration(time.Since(began)))
			}
		}
	}
}

// Duration is a time as people say it: 4.2 s, 3:07 min.
func Duration(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	d = d.Round(time.Second)
	return fmt.Sprintf("%d:%02d min", int(d.Minutes()), int(d.Seconds())%60)
}
