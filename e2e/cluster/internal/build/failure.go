package build

import (
	"fmt"
	"regexp"
	"strings"
)

const tailLines = 15

// What go says, and how to mend it. The first that is found decides.
var mends = []struct {
	sign *regexp.Regexp
	mend string
}{
	{regexp.MustCompile(`requires go >= ?(\S+)`),
		"install a newer Go, and put it first on the PATH"},
	{regexp.MustCompile(`no space left on device`),
		"make room: a build needs about 6 GB in the module, build and user caches (go env GOMODCACHE GOCACHE)"},
	{regexp.MustCompile(
		`dial tcp|i/o timeout|no such host|connection (refused|reset)|proxyconnect|TLS handshake` +
			`|module lookup disabled|unexpected EOF|50[0-9] (Bad|Internal|Service|Gateway)`),
		"the module proxy could not be reached: check the network and go env GOPROXY, then try again:" +
			" what was loaded and built is kept"},
	{regexp.MustCompile(`checksum mismatch|SECURITY ERROR`),
		"what was loaded is not what go.sum says: check go env GOPROXY, and empty the module cache" +
			" (go clean -modcache)"},
	{regexp.MustCompile(`permission denied`),
		"make the named folder writable for you"},
	{regexp.MustCompile(`signal: killed`),
		"something killed the compiler, usually for want of memory: give it 3 GB, or set GOFLAGS=-p=1"},
}

// failure makes one error of what go said: the operation, the end of its words, how to mend it.
func failure(operation string, err error, said string) error {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	// "go: downloading ..." is how it went, not why it ended.
	told := lines[:0]
	for _, line := range lines {
		if line != "" && !strings.HasPrefix(line, "go: downloading ") {
			told = append(told, "  "+line)
		}
	}
	if len(told) > tailLines {
		told = told[len(told)-tailLines:]
	}
	mend := "the lines above say why; what was built is kept, a second try goes on from there"
	for _, known := range mends {
		if known.sign.MatchString(said) {
			mend = known.mend
			break
		}
	}
	return fmt.Errorf("%s: %w:\n%s\n%s", operation, err, strings.Join(told, "\n"), mend)
}
