package image

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// Pause is the name of the image of pods' sandboxes.
const Pause = "localhost/pause:1"

// WritePause writes an archive with the image of pods' sandboxes, given its one program.
func WritePause(program string, archive string) error { return Write(Pause, program, archive) }

// Write writes an archive with an image of one program that needs no other file.
func Write(name string, program string, archive string) error {
	text, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	inside := filepath.Base(program)
	layer, err := pack(member{inside, 0o755, text})
	if err != nil {
		return err
	}
	config, err := json.Marshal(map[string]any{
		"architecture": runtime.GOARCH, "os": "linux",
		"config": map[string]any{"Entrypoint": []string{"/" + inside}},
		"rootfs": map[string]any{
			"type": "layers", "diff_ids": []string{fmt.Sprintf("sha256:%x", sha256.Sum256(layer))},
		},
	})
	if err != nil {
		return err
	}
	list, err := json.Marshal([]map[string]any{{
		"Config": "config.json", "RepoTags": []string{name}, "Layers": []string{"layer.tar"},
	}})
	if err != nil {
		return err
	}
	whole, err := pack(
		member{"config.json", 0o644, config}, member{"layer.tar", 0o644, layer},
		member{dockerList, 0o644, list})
	if err != nil {
		return err
	}
	return os.WriteFile(archive, whole, 0o644)
}

type member struct {
	name string
	mode int64
	text []byte
}

func pack(members ...member) ([]byte, error) {
	var packed bytes.Buffer
	to := tar.NewWriter(&packed)
	for _, one := range members {
		header := tar.Header{Name: one.name, Mode: one.mode, Size: int64(len(one.text))}
		if err := to.WriteHeader(&header); err != nil {
			return nil, err
		}
		if _, err := to.Write(one.text); err != nil {
			return nil, err
		}
	}
	return packed.Bytes(), to.Close()
}
