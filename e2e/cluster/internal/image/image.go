// Package image reads archives of container images, and makes one.
//
// Reading order: [Read], [Archive], [WritePause].
//
// Invariant: an archive is read before anybody is asked to import it: what is none is refused here,
// by its name.
package image

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// An Archive is a file with images in the form of docker save, or in OCI's.
type Archive struct {
	// File is its path.
	File string
	// Names of the images in it.
	Names []string
}

// Key is the same for two archives of the same images, whatever their content.
func (a Archive) Key() string {
	digest := sha256.Sum256([]byte(strings.Join(a.Names, " ")))
	return hex.EncodeToString(digest[:8])
}

// Copy writes it to another file, without compression.
func (a Archive) Copy(to string) error {
	return reading(a.File, func(from io.Reader) error {
		file, err := os.Create(to)
		if err != nil {
			return err
		}
		_, err = io.Copy(file, from)
		return errors.Join(err, file.Close())
	})
}

// An Archive has one of these members.
const (
	dockerList = "manifest.json"
	ociList    = "index.json"
	// A list is shorter than that.
	longest = 4 << 20
)

const mend = "make one by docker save, or by a build that writes a tar of an image"

// Read finds the names of the images in an archive.
func Read(file string) (Archive, error) {
	lists := map[string][]byte{}
	err := reading(file, func(from io.Reader) error { return findLists(tar.NewReader(from), lists) })
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrPermission) {
		return Archive{}, fmt.Errorf("load image: %w", err)
	}
	if err != nil {
		return Archive{}, fmt.Errorf("load %s: it is no archive of images: %w: %s", file, err, mend)
	}
	if len(lists) == 0 {
		return Archive{}, fmt.Errorf("load %s: it is no archive of images: it has neither %s nor %s: %s",
			file, dockerList, ociList, mend)
	}
	names, err := namesIn(lists)
	if err != nil {
		return Archive{}, fmt.Errorf("load %s: it is no archive of images: %w: %s", file, err, mend)
	}
	if len(names) == 0 {
		return Archive{}, fmt.Errorf("load %s: its images have no name, by which a pod could ask for"+
			" them: give them one when you make it", file)
	}
	return Archive{file, names}, nil
}

// reading opens a file that may be compressed by gzip.
func reading(file string, read func(io.Reader) error) error {
	opened, err := os.Open(file)
	if err != nil {
		return err
	}
	defer opened.Close()
	buffered := bufio.NewReader(opened)
	if magic, err := buffered.Peek(2); err != nil || magic[0] != 0x1f || magic[1] != 0x8b {
		return read(buffered)
	}
	plain, err := gzip.NewReader(buffered)
	if err != nil {
		return err
	}
	return errors.Join(read(plain), plain.Close())
}

func findLists(from *tar.Reader, lists map[string][]byte) error {
	for {
		header, err := from.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(header.Name, "./")
		if name != dockerList && name != ociList {
			continue
		}
		if lists[name], err = io.ReadAll(io.LimitReader(from, longest)); err != nil {
			return err
		}
	}
}

func namesIn(lists map[string][]byte) ([]string, error) {
	if text, ok := lists[dockerList]; ok {
		var images []struct{ RepoTags []string }
		if err := json.Unmarshal(text, &images); err != nil {
			return nil, fmt.Errorf("%s: %w", dockerList, err)
		}
		var names []string
		for _, image := range images {
			names = append(names, image.RepoTags...)
		}
		return names, nil
	}
	var index struct {
		Manifests []struct{ Annotations map[string]string }
	}
	if err := json.Unmarshal(lists[ociList], &index); err != nil {
		return nil, fmt.Errorf("%s: %w", ociList, err)
	}
	var names []string
	for _, manifest := range index.Manifests {
		if name := manifest.Annotations["io.containerd.image.name"]; name != "" {
			names = append(names, name)
		}
	}
	return names, nil
}
