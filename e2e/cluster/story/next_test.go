package story

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	nextVersion = "99.0.0-next"
	nextImage   = "localhost/task-storage-operator:" + nextVersion
)

// A blob is content by its digest, as OCI has it.
type blob struct {
	MediaType string `json:"mediaType"`
	Digest    string `json:"digest"`
	Size      int    `json:"size"`
	// Annotations of an image: its names.
	Annotations map[string]string `json:"annotations,omitempty"`
}

func blobOf(mediaType string, content []byte) blob {
	return blob{MediaType: "application/vnd.oci.image." + mediaType,
		Digest: fmt.Sprintf("sha256:%x", sha256.Sum256(content)), Size: len(content)}
}

// next makes an archive with a next version of the operator, given the image of this one, which must be
// loaded already: of it there are only the names of its layers, with one more layer over them.
func next(t *testing.T, archive string) string {
	t.Helper()
	members := read(t, archive)
	var list []struct {
		Config string
		Layers []string
	}
	parse(t, members["manifest.json"], &list)
	var layers []blob
	for _, name := range list[0].Layers {
		layers = append(layers, blobOf("layer.v1.tar+gzip", members[name]))
	}
	// Ours are in the last one.
	layer := changed(t, members[list[0].Layers[len(list[0].Layers)-1]])
	layers = append(layers, blobOf("layer.v1.tar", layer))

	var config map[string]any
	parse(t, members[list[0].Config], &config)
	rootfs := config["rootfs"].(map[string]any)
	rootfs["diff_ids"] = append(rootfs["diff_ids"].([]any), layers[len(layers)-1].Digest)
	delete(config, "history")
	configText := text(t, config)
	manifest := text(t, map[string]any{
		"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
		"config": blobOf("config.v1+json", configText), "layers": layers,
	})
	named := blobOf("manifest.v1+json", manifest)
	named.Annotations = map[string]string{
		"io.containerd.image.name": nextImage, "org.opencontainers.image.ref.name": nextVersion,
	}
	written := filepath.Join(t.TempDir(), "next.tar")
	pack(t, written, map[string][]byte{
		"oci-layout":     []byte(`{"imageLayoutVersion": "1.0.0"}`),
		"index.json":     text(t, map[string]any{"schemaVersion": 2, "manifests": []blob{named}}),
		path(manifest):   manifest,
		path(configText): configText,
		path(layer):      layer,
	})
	return written
}

func path(content []byte) string { return fmt.Sprintf("blobs/sha256/%x", sha256.Sum256(content)) }

// changed makes a layer with those of our jars that are others in the next version.
func changed(t *testing.T, layer []byte) []byte {
	t.Helper()
	plain, err := gzip.NewReader(bytes.NewReader(layer))
	if err != nil {
		t.Fatal(err)
	}
	folder, jars := t.TempDir(), map[string]string{}
	for name, content := range untar(t, plain) {
		for _, module := range []string{"taskstore", "console"} {
			file := filepath.Base(name)
			if strings.HasPrefix(file, module+"-") && strings.HasSuffix(file, ".jar") {
				jars[module] = name
				if err := os.WriteFile(filepath.Join(folder, file), content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if len(jars) != 2 {
		t.Fatalf("the last layer of the image has of our jars %v", jars)
	}
	jar := func(module string) string { return filepath.Join(folder, filepath.Base(jars[module])) }
	java := strings.TrimSpace(command(t, "../../../tools/find-jdk")) + "/bin/java"
	command(t, java, "next/Next.java", nextVersion, jar("taskstore"), jar("console"))

	files := map[string][]byte{}
	for module, name := range jars {
		if files[name], err = os.ReadFile(jar(module)); err != nil {
			t.Fatal(err)
		}
	}
	written := filepath.Join(t.TempDir(), "layer.tar")
	pack(t, written, files)
	content, err := os.ReadFile(written)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func read(t *testing.T, archive string) map[string][]byte {
	t.Helper()
	opened, err := os.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	return untar(t, opened)
}

// untar reads all files of an archive.
func untar(t *testing.T, packed io.Reader) map[string][]byte {
	t.Helper()
	files, from := map[string][]byte{}, tar.NewReader(packed)
	for {
		header, err := from.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err == nil && header.Typeflag == tar.TypeReg {
			files[header.Name], err = io.ReadAll(from)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func pack(t *testing.T, archive string, files map[string][]byte) {
	t.Helper()
	var packed bytes.Buffer
	to := tar.NewWriter(&packed)
	for name, content := range files {
		err := to.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(content))})
		if err == nil {
			_, err = to.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(to.Close(), os.WriteFile(archive, packed.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func parse(t *testing.T, from []byte, to any) {
	t.Helper()
	if err := json.Unmarshal(from, to); err != nil {
		t.Fatal(err)
	}
}

func text(t *testing.T, of any) []byte {
	t.Helper()
	text, err := json.Marshal(of)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
