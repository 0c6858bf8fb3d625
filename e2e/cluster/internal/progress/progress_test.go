package progress

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestPlainOutputIsALineNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		end := Plain(&out).Step("build etcd")
		time.Sleep(65 * time.Second)
		synctest.Wait()
		end("done")

		want := "build etcd ...\nbuild etcd ... 30.0 s\nbuild etcd ... 1:00 min\n" +
			"build etcd: done in 1:05 min\n"
		if out.String() != want {
			t.Errorf("got\n%s", out.String())
		}
	})
}

func TestTerminalHasOneLineThatCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		end := Progress{&out, true}.Step("build etcd")
		time.Sleep(1500 * time.Millisecond)
		synctest.Wait()
		end("")

		if want := "build etcd ...\r\x1b[Kbuild etcd ... 1.0 s\r\x1b[K"; out.String() != want {
			t.Errorf("got %q", out.String())
		}
	})
}

func TestDurations(t *testing.T) {
	for d, want := range map[time.Duration]string{
		4249 * time.Millisecond:               "4.2 s",
		time.Minute:                           "1:00 min",
		3*time.Minute + 6900*time.Millisecond: "3:07 min",
		75*time.Minute + time.Second:          "75:01 min",
	} {
		if got := Duration(d); got != want {
			t.Errorf("%s: %s", want, got)
		}
	}
}
