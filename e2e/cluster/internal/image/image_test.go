package image

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func file(t *testing.T, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.tar")
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func packed(t *testing.T, members ...member) []byte {
	t.Helper()
	text, err := pack(members...)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestWrittenArchiveIsOne(t *testing.T) {
	program := filepath.Join(t.TempDir(), "hello")
	if err := os.WriteFile(program, []byte("#!"), 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "hello.tar")
	if err := Write("localhost/hello:1", program, path); err != nil {
		t.Fatal(err)
	}

	archive, err := Read(path)

	if err != nil || !slices.Equal(archive.Names, []string{"localhost/hello:1"}) {
		t.Errorf("%+v, %v", archive, err)
	}
}

func TestNamesOfBothForms(t *testing.T) {
	oci := member{"./index.json", 0o644, []byte(`{"manifests": [{"annotations":
		{"io.containerd.image.name": "localhost/b:1"}}, {}]}`)}
	docker := member{"manifest.json", 0o644, []byte(`[{"RepoTags": ["a:1", "a:2"]}, {"RepoTags": null}]`)}
	for _, c := range []struct {
		members []member
		want    []string
	}{
		{[]member{oci}, []string{"localhost/b:1"}},
		{[]member{docker}, []string{"a:1", "a:2"}},
		{[]member{oci, docker}, []string{"a:1", "a:2"}},
	} {
		archive, err := Read(file(t, packed(t, c.members...)))
		if err != nil || !slices.Equal(archive.Names, c.want) {
			t.Errorf("got %v, %v; want %v", archive.Names, err, c.want)
		}
	}
}

func TestCompressedArchiveIsReadAndCopiedPlain(t *testing.T) {
	plain := packed(t, member{"manifest.json", 0o644, []byte(`[{"RepoTags": ["a:1"]}]`)})
	var small bytes.Buffer
	to := gzip.NewWriter(&small)
	_, _ = to.Write(plain)
	_ = to.Close()
	archive, err := Read(file(t, small.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "copy")
	if err := archive.Copy(copied); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(copied); !bytes.Equal(text, plain) {
		t.Errorf("copied %d bytes of %d", len(text), len(plain))
	}
	other := Archive{File: "elsewhere", Names: archive.Names}
	if archive.Key() != other.Key() || archive.Key() == (Archive{Names: []string{"b:1"}}).Key() {
		t.Error("keys follow names")
	}
}

func TestWhatIsNoArchiveIsNamed(t *testing.T) {
	const ends = ": make one by docker save, or by a build that writes a tar of an image"
	cut := packed(t, member{"manifest.json", 0o644, []byte(`[{"RepoTags": ["a:1"]}]`)})[:520]
	for want, text := range map[string][]byte{
		"it is no archive of images: unexpected EOF" + ends:           []byte("hello"),
		"it is no archive of images: " + tar.ErrHeader.Error() + ends: bytes.Repeat([]byte("x"), 1024),
		"it is no archive of images: it has neither manifest.json nor index.json" + ends: packed(t,
			member{"etc/passwd", 0o644, nil}),
		"it is no archive of images: manifest.json: unexpected end of JSON input" + ends: packed(t,
			member{"manifest.json", 0o644, nil}),
		"its images have no name, by which a pod could ask for them: give them one when you make it": packed(t,
			member{"manifest.json", 0o644, []byte(`[{}]`)}),
		"it is no archive of images: gzip: invalid header" + ends: {0x1f, 0x8b, 0, 0, 0, 0, 0, 0, 0, 0},
	} {
		path := file(t, text)
		_, err := Read(path)
		if err == nil || err.Error() != "load "+path+": "+want {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
	if _, err := Read(file(t, cut)); err == nil || !strings.Contains(err.Error(), io.ErrUnexpectedEOF.Error()) {
		t.Errorf("cut: %v", err)
	}
	if _, err := Read("/none"); err == nil || err.Error() != "load image: open /none: no such file or directory" {
		t.Errorf("got %v", err)
	}
}
