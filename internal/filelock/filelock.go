// Package filelock tells whether another process works on a file or a folder.
// A lock ends with the process that holds it, however that ends.
package filelock

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// ErrHeld is wrapped by the error of a lock that another process holds, or
// another part of this one.
var ErrHeld = errors.New("in use by another process")

// Folder locks a folder, which must be there, until release is called. Where
// folders cannot be locked themselves, a file of the name .spikelane.lock in it
// is.
func Folder(dir string) (release func() error, err error) {
	f, err := lockFolder(dir)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return f.Close, nil
}

// Free locks an open file, until it is closed, and reports whether that could
// be done: whether no other process holds it.
func Free(f *os.File) bool { return lock(f) == nil }

func lockPath(dir string) string { return filepath.Join(dir, ".spikelane.lock") }
