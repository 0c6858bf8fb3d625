// Package place knows where things are kept: sources, built programs, and clusters that run.
// It makes no folder.
package place

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// Places are the folders of one user.
type Places struct {
	// Source is the folder of this module, where the Kubernetes versions are listed.
	Source string
	// Cache holds what was built. It may be removed at any time that nothing runs from it.
	Cache string
	// Clusters has one folder for each cluster, by its name.
	Clusters string
}

// FromEnvironment follows the XDG base directories. The source folder is told by the launcher.
func FromEnvironment(getenv func(string) string) (Places, error) {
	source := getenv("TASKSTORAGE_CLUSTER_SOURCE")
	if source == "" {
		return Places{}, fmt.Errorf("find sources: TASKSTORAGE_CLUSTER_SOURCE is not set: use the script e2e/cluster/cluster")
	}
	home := getenv("HOME")
	cache, state := getenv("XDG_CACHE_HOME"), getenv("XDG_STATE_HOME")
	if home == "" && (cache == "" || state == "") {
		return Places{}, fmt.Errorf("find folders: HOME is not set: set it, or XDG_CACHE_HOME and XDG_STATE_HOME")
	}
	if cache == "" {
		cache = filepath.Join(home, ".cache")
	}
	if state == "" {
		state = filepath.Join(home, ".local", "state")
	}
	return Places{
		Source:   source,
		Cache:    filepath.Join(cache, "taskstorage", "cluster"),
		Clusters: filepath.Join(state, "taskstorage", "clusters"),
	}, nil
}

var name = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$`)

// Cluster is the folder of a cluster of this name.
func (p Places) Cluster(cluster string) (string, error) {
	if !name.MatchString(cluster) {
		return "", fmt.Errorf("name cluster %q: not a name: use 1 to 40 of a-z, 0-9 and -, a letter or digit at both ends", cluster)
	}
	return filepath.Join(p.Clusters, cluster), nil
}

// Names are the clusters that have a folder, in alphabetical order.
func (p Places) Names() ([]string, error) {
	entries, err := os.ReadDir(p.Clusters)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list clusters %s: %w", p.Clusters, err)
	}
	var names []string
	for _, entry := range entries {
		if entry.IsDir() && name.MatchString(entry.Name()) {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}
