package atomicfile

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/spikelane/spikelane/internal/filelock"
)

// prefix is what the names of temporary files begin with.
const prefix = ".spikelane-"

// temporary is a file that is still to be put in its place.
type temporary struct {
	*os.File
	dir  string
	name string // "" while it has none
}

// create makes one, without a name where the system knows such: nothing is left
// of it when the process dies.
func create(dir string) (*temporary, error) {
	if f := unnamed(dir); f != nil {
		filelock.Free(f) // for the moment at which it has a name
		return &temporary{f, dir, ""}, nil
	}
	for {
		name := randomName(dir)
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
		if os.IsExist(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		// Who cleans up may have come before the lock.
		filelock.Free(f)
		if _, err := os.Stat(name); err != nil {
			f.Close()
			continue
		}
		return &temporary{f, dir, name}, nil
	}
}

func randomName(dir string) string {
	return filepath.Join(dir, fmt.Sprintf("%s%d-%08x", prefix, os.Getpid(), rand.Uint32()))
}

// put gives it its name.
func (t *temporary) put(path string) error {
	if t.name == "" {
		done, err := t.link(path)
		if done || err != nil {
			return err
		}
	}
	if err := closeBefore(t.File); err != nil {
		return err
	}
	if err := os.Rename(t.name, path); err != nil {
		return err
	}
	t.name = ""
	return nil
}

// drop closes it, and removes it if it has not found its place.
func (t *temporary) drop() {
	t.Close()
	if t.name != "" {
		os.Remove(t.name)
	}
}
