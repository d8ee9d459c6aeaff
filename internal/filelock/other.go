//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package filelock

import (
	"os"
	"time"
)

// stale is when a file that nobody has written to is taken for left behind.
const stale = time.Hour

// lock can only guess.
func lock(f *os.File) error {
	s, err := f.Stat()
	if err == nil && time.Since(s.ModTime()) < stale {
		err = ErrHeld
	}
	return err
}

// lockFolder makes a file that nobody else has open: Windows does not remove
// one that is. Systems that do remove it do not lock.
func lockFolder(dir string) (*os.File, error) {
	if err := os.Remove(lockPath(dir)); err != nil && !os.IsNotExist(err) {
		return nil, ErrHeld
	}
	return os.OpenFile(lockPath(dir), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
}
