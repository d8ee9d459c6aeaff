// Package atomicfile writes files: all of them, or nothing.
package atomicfile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spikelane/spikelane/internal/filelock"
)

// Write writes a file beside the one of that name, and then puts it in its
// place, with its permissions. New ones are as the umask says. Symbolic links
// stay, and what they lead to is replaced. What is no file, such as a device or
// a pipe, is written to, since nothing can take its place.
func Write(path string, data []byte) error {
	return WriteFrom(path, func(f *os.File) error {
		_, err := f.Write(data)
		return err
	})
}

// WriteFrom is [Write] of what fill writes, which need not be in memory at once.
// Where fill returns an error, the file of that name stays as it was.
func WriteFrom(path string, fill func(f *os.File) error) error {
	target, err := follow(path)
	if err != nil {
		return err
	}
	mode := os.FileMode(0)
	if s, err := os.Stat(target); err == nil {
		if !s.Mode().IsRegular() || open(target) {
			return through(target, fill)
		}
		mode = s.Mode().Perm()
	}
	t, err := create(filepath.Dir(target))
	if err != nil {
		return err
	}
	defer t.drop()
	if err := t.fill(fill, mode); err != nil {
		return err
	}
	return t.put(target)
}

// fill writes all of it to the disk. Mode 0 leaves the file as it was made.
func (t *temporary) fill(fill func(f *os.File) error, mode os.FileMode) error {
	err := fill(t.File)
	if err == nil && mode != 0 {
		err = t.Chmod(mode)
	}
	if err == nil {
		err = t.Sync()
	}
	return err
}

// Probe reports whether a folder has room for so many bytes, by writing them.
func Probe(dir string, size int64) error {
	t, err := create(dir)
	if err != nil {
		return err
	}
	defer t.drop()
	zeros := make([]byte, 1<<16)
	for ; size > 0; size -= int64(len(zeros)) {
		if _, err := t.Write(zeros[:min(size, int64(len(zeros)))]); err != nil {
			return err
		}
	}
	return t.Sync()
}

// Clean removes what processes that died while they wrote have left in a
// folder.
func Clean(dir string) error {
	left, err := filepath.Glob(filepath.Join(escape(dir), prefix+"*"))
	for _, path := range left {
		f, e := os.Open(path)
		if e != nil {
			continue // another has removed it, or has a right to it that we have not
		}
		free := filelock.Free(f)
		f.Close()
		if free {
			err = errors.Join(err, os.Remove(path))
		}
	}
	return err
}

// escape takes the meaning from what is special in the pattern of a path.
func escape(dir string) string {
	return strings.NewReplacer(`*`, `[*]`, `?`, `[?]`, `[`, `[[]`).Replace(dir)
}

// maxLinks is how many symbolic links are followed, as in Linux.
const maxLinks = 40

// follow is what symbolic links lead to, there or not.
func follow(path string) (string, error) {
	for range maxLinks {
		if open(path) {
			return path, nil
		}
		s, err := os.Lstat(path)
		if err != nil || s.Mode()&os.ModeSymlink == 0 {
			return path, nil // creating it says what is wrong
		}
		to, err := os.Readlink(path)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return "", fmt.Errorf("%s: too many symbolic links", path)
}

// open reports whether a path is that of an open file of a process, as
// /dev/stdout leads to: it may have been opened to append, or no name leads to
// it any more.
func open(path string) bool {
	return strings.HasPrefix(path, "/proc/") || strings.HasPrefix(path, "/dev/fd/")
}

// through writes to what is there.
func through(path string, fill func(f *os.File) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	return errors.Join(fill(f), f.Close())
}
