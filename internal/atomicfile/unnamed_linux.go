package atomicfile

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// unnamed opens a file that no folder lists, or returns nil where the file
// system has none.
func unnamed(dir string) *os.File {
	f, err := os.OpenFile(dir, os.O_RDWR|unix.O_TMPFILE, 0o666)
	if err != nil {
		return nil
	}
	if _, err := os.Stat(descriptor(f)); err != nil { // link needs it
		f.Close()
		return nil
	}
	return f
}

func descriptor(f *os.File) string { return fmt.Sprintf("/proc/self/fd/%d", f.Fd()) }

// link gives an unnamed file a name: that of the path if it is free, and else
// one to rename, at once.
func (t *temporary) link(path string) (done bool, err error) {
	link := func(to string) error {
		return unix.Linkat(unix.AT_FDCWD, descriptor(t.File), unix.AT_FDCWD, to, unix.AT_SYMLINK_FOLLOW)
	}
	if err = link(path); !errors.Is(err, os.ErrExist) {
		return err == nil, wrap(path, err)
	}
	name := randomName(t.dir)
	if err = link(name); err == nil {
		t.name = name
	}
	return false, wrap(name, err)
}

func wrap(path string, err error) error {
	if err == nil {
		return nil
	}
	return &os.PathError{Op: "link", Path: path, Err: err}
}

// closeBefore leaves files open when they are renamed: their lock must last.
func closeBefore(*os.File) error { return nil }
