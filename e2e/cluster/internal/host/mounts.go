package host

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

var errNoCgroups = errors.New("find cgroups: cgroup2 is not mounted:" +
	" mount -t cgroup2 none /sys/fs/cgroup")

// A mount is one line of /proc/self/mountinfo: see proc(5).
type mount struct {
	point string
	kind  string
}

func mounts() ([]mount, error) {
	text, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, fmt.Errorf("read mounts: %w", err)
	}
	return parseMounts(string(text)), nil
}

func parseMounts(text string) []mount {
	var all []mount
	for line := range strings.Lines(text) {
		before, after, ok := strings.Cut(line, " - ")
		fields, kind := strings.Fields(before), strings.Fields(after)
		if ok && len(fields) > 4 && len(kind) > 0 {
			all = append(all, mount{unescaped.Replace(fields[4]), kind[0]})
		}
	}
	return all
}

// The kernel writes these four as octal digits.
var unescaped = strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`)

func cgroupRoot() (string, error) {
	all, err := mounts()
	if err != nil {
		return "", err
	}
	for _, one := range all {
		if one.kind == "cgroup2" {
			return one.point, nil
		}
	}
	return "", errNoCgroups
}

// mountsBelow lists what is mounted on a folder or below it, the newest first. None where the
// folder is not there.
func mountsBelow(folder string) ([]string, error) {
	// The kernel tells places without symbolic links.
	folder, err := filepath.EvalSymlinks(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find mounts: %w", err)
	}
	all, err := mounts()
	if err != nil {
		return nil, err
	}
	var points []string
	for _, one := range all {
		if one.point == folder || strings.HasPrefix(one.point, folder+"/") {
			points = append(points, one.point)
		}
	}
	slices.Reverse(points)
	return points, nil
}
