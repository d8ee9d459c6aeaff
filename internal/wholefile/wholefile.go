// Package wholefile writes files: all of them, or nothing.
package wholefile

import (
	"os"
	"path/filepath"
)

// Write writes a file beside the one of that name, and then puts it in its
// place.
func Write(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".spikelane-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // nothing is left of it once it is renamed
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return err
}
