//go:build !linux

package atomicfile

import (
	"os"
	"runtime"
)

// unnamed is nil: there are no such files.
func unnamed(string) *os.File { return nil }

func (t *temporary) link(string) (done bool, err error) { return false, nil }

// closeBefore closes a file before it is renamed, where open ones cannot be.
func closeBefore(f *os.File) error {
	if runtime.GOOS == "windows" {
		return f.Close()
	}
	return nil
}
