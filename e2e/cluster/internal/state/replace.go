package state

import (
	"os"
	"path/filepath"
)

// Replace writes a file as a whole, which only its owner may read: its reader sees the old text or
// the new one, and two that write it at once do not meet, as each has a file of its own until then.
func Replace(file string, text []byte) error {
	next, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*.new")
	if err != nil {
		return err
	}
	_, err = next.Write(text)
	if closed := next.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(next.Name(), file)
	}
	if err != nil {
		os.Remove(next.Name())
	}
	return err
}
