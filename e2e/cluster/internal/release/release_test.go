package release

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const folder = "../../kubernetes"

func TestEveryVersionHasWhatAClusterNeeds(t *testing.T) {
	minors, err := Minors(folder)
	if err != nil || !slices.Equal(minors, []string{"1.36", "1.33"}) {
		t.Fatalf("versions %v, %v", minors, err)
	}
	for _, minor := range minors {
		release, err := Read("go", folder, minor)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(release.Version, "v"+minor+".") {
			t.Errorf("%s is built from %s", minor, release.Version)
		}
		for _, name := range []string{"etcd", "kube-apiserver", "kubectl"} {
			if !release.Has(name) {
				t.Errorf("%s has no %s: %v", minor, name, release.Programs)
			}
		}
	}
}

func TestNewestHasAllServers(t *testing.T) {
	release, err := Read("go", folder, "1.36")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"kube-controller-manager", "kube-scheduler"} {
		if !release.Has(name) {
			t.Errorf("no %s", name)
		}
	}
	if flags := strings.Join(release.Flags(), " "); !strings.Contains(flags,
		"gitVersion="+release.Version+" -X k8s.io/component-base/version.gitMajor=1"+
			" -X k8s.io/component-base/version.gitMinor=36") {
		t.Errorf("flags %s", flags)
	}
}

func TestKubeletIsForNodesAlone(t *testing.T) {
	for minor, want := range map[string]bool{"1.36": true, "1.33": false} {
		release, err := Read("go", folder, minor)
		if err != nil {
			t.Fatal(err)
		}
		node := release.Node()
		if release.Has(Kubelet) || node.Has(Kubelet) != want || node.Has("kube-apiserver") ||
			node.Version != release.Version {
			t.Errorf("%s: %v, nodes: %v", minor, release.Programs, node)
		}
	}
}

func TestRuntimeHasWhatAKubeletAsksFor(t *testing.T) {
	runtime, err := ReadRuntime("go", "../../runtime")
	if err != nil || !strings.HasPrefix(runtime.Version, "v2.") || runtime.Product != "containerd" {
		t.Fatalf("%+v, %v", runtime, err)
	}
	for _, name := range []string{
		"containerd", "containerd-shim-runc-v2", "ctr", "runc", "ptp", "loopback", "host-local", "pause",
	} {
		if !runtime.Has(name) {
			t.Errorf("no %s", name)
		}
	}
	for _, program := range runtime.Programs {
		if withC := program.Name == "runc"; (program.Library == "libseccomp") != withC {
			t.Errorf("%+v", program)
		}
	}
	if flags := strings.Join(runtime.Flags(), " "); strings.Contains(flags, "k8s.io") {
		t.Errorf("flags %s", flags)
	}
	sources, err := runtime.Sources()
	if err != nil || !strings.Contains(string(sources), "// Command pause ") {
		t.Errorf("the sources of our own are not among what decides: %v", err)
	}
}

// k8s.io/kubernetes requires its parts at v0.0.0: each must be replaced by the same version of it.
func TestEveryPartOfKubernetesIsReplacedByItsOwnVersion(t *testing.T) {
	for minor, parts := range map[string]int{"1.36": 31, "1.33": 29} {
		release, err := Read("go", folder, minor)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(release.Folder, "go.mod"))
		if err != nil {
			t.Fatal(err)
		}
		count := strings.Count(string(text), " v0"+strings.TrimPrefix(release.Version, "v1")+"\n")
		replaced := strings.Count(string(text), " => k8s.io/")
		if replaced != parts || count < parts {
			t.Errorf("%s: %d replaced, %d at its version, want %d", minor, replaced, count, parts)
		}
	}
}

func TestUnknownVersionNamesTheKnown(t *testing.T) {
	_, err := Read("go", folder, "1.35")
	want := "--kubernetes 1.35: not among the versions that can be built here: give 1.36 or 1.33"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func TestBrokenModuleIsNamed(t *testing.T) {
	broken := t.TempDir()
	if _, err := Minors(broken); err == nil || !strings.Contains(err.Error(), "no module below") {
		t.Errorf("got %v", err)
	}
	file := filepath.Join(broken, "1.99", "go.mod")
	if err := os.Mkdir(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"module x\n":  "it requires no k8s.io/kubernetes, or has no tool lines",
		"modul x y\n": "exit status 1: go: errors parsing",
	} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := Read("go", broken, "1.99")
		if err == nil || !strings.Contains(err.Error(), "read "+file+": "+want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
