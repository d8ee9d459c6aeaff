//go:build unix

package atomicfile_test

import (
	"io"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/atomicfile"
)

// The permissions of a file stay; those of a new one are as the umask says.
func TestPermissions(t *testing.T) {
	dir := t.TempDir()
	before := syscall.Umask(0o027)
	defer syscall.Umask(before)
	for _, c := range []struct {
		name      string
		was, want os.FileMode
	}{
		{"new", 0, 0o640},
		{"private", 0o600, 0o600},
		{"open", 0o666, 0o666},
		{"program", 0o755, 0o755},
	} {
		path := filepath.Join(dir, c.name)
		if c.was != 0 {
			require.NoError(t, os.WriteFile(path, nil, 0o600))
			require.NoError(t, os.Chmod(path, c.was))
		}
		require.NoError(t, atomicfile.Write(path, []byte("a")))
		s, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, c.want, s.Mode().Perm(), c.name)
	}
}

// Links stay, and what they lead to is replaced, whether it was there or not.
func TestLinks(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "sub"), 0o755))
	target := filepath.Join(dir, "sub", "target")
	require.NoError(t, os.Symlink(filepath.Join("sub", "target"), filepath.Join(dir, "relative")))
	require.NoError(t, os.Symlink(filepath.Join(dir, "relative"), filepath.Join(dir, "absolute")))
	for _, link := range []string{"relative", "absolute"} {
		for range 2 {
			require.NoError(t, atomicfile.Write(filepath.Join(dir, link), []byte(link)))
			data, err := os.ReadFile(target)
			require.NoError(t, err)
			require.Equal(t, link, string(data))
			s, err := os.Lstat(filepath.Join(dir, link))
			require.NoError(t, err)
			require.NotZero(t, s.Mode()&os.ModeSymlink)
		}
		require.NoError(t, os.Remove(target))
	}
	loop := filepath.Join(dir, "loop")
	require.NoError(t, os.Symlink("loop", loop))
	require.ErrorContains(t, atomicfile.Write(loop, nil), "too many symbolic links")
}

// What is no file is written to, and stays what it is.
func TestDevicesAndPipes(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, atomicfile.Write("/dev/null", []byte("a")))
	null, err := os.Stat("/dev/null")
	require.NoError(t, err)
	require.NotZero(t, null.Mode()&os.ModeCharDevice)
	if _, err := os.Stat("/dev/full"); err == nil {
		require.ErrorIs(t, atomicfile.Write("/dev/full", []byte("a")), syscall.ENOSPC)
	}
	fifo, link := filepath.Join(dir, "fifo"), filepath.Join(dir, "link")
	require.NoError(t, syscall.Mkfifo(fifo, 0o600))
	require.NoError(t, os.Symlink("fifo", link))
	for _, path := range []string{fifo, link} {
		written := make(chan error, 1)
		go func() { written <- atomicfile.Write(path, []byte("through")) }()
		f, err := os.Open(fifo)
		require.NoError(t, err)
		data, err := io.ReadAll(f)
		require.NoError(t, err)
		require.NoError(t, f.Close())
		require.NoError(t, <-written)
		require.Equal(t, "through", string(data))
	}
	s, err := os.Lstat(fifo)
	require.NoError(t, err)
	require.NotZero(t, s.Mode()&os.ModeNamedPipe)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 2)
}

// An open file is appended to, by whatever name it is given.
func TestOpenFile(t *testing.T) {
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		t.Skip("there is no /proc here")
	}
	path := filepath.Join(t.TempDir(), "out")
	f, err := os.Create(path)
	require.NoError(t, err)
	defer f.Close()
	_, err = f.WriteString("before ")
	require.NoError(t, err)
	require.NoError(t, atomicfile.Write("/proc/self/fd/"+strconv.Itoa(int(f.Fd())), []byte("after")))
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "before after", string(data))
	now, err := f.Stat()
	require.NoError(t, err)
	require.EqualValues(t, len("before after"), now.Size(), "it is still the same file")
}
