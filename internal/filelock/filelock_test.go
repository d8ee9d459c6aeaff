package filelock_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/filelock"
)

// A second holder is refused, and nothing is left of the lock.
func TestFolder(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("other systems lock a file")
	}
	dir := t.TempDir()
	release, err := filelock.Folder(dir)
	require.NoError(t, err)
	_, err = filelock.Folder(dir)
	require.ErrorIs(t, err, filelock.ErrHeld)
	require.ErrorContains(t, err, dir)
	require.NoError(t, release())
	release, err = filelock.Folder(dir)
	require.NoError(t, err)
	require.NoError(t, release())
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
	_, err = filelock.Folder(filepath.Join(dir, "none"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

// The lock of a process that was killed does not last.
func TestDeadHolder(t *testing.T) {
	if dir := os.Getenv("SPIKELANE_LOCK"); dir != "" {
		_, err := filelock.Folder(dir)
		require.NoError(t, err)
		os.Stdout.WriteString("locked\n")
		select {}
	}
	if runtime.GOOS != "linux" || os.Getenv("SPIKELANE_EMULATED") != "" {
		t.Skip("it starts itself again")
	}
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run", "^TestDeadHolder$")
	cmd.Env = append(os.Environ(), "SPIKELANE_LOCK="+dir)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "locked\n", line)
	_, err = filelock.Folder(dir)
	require.ErrorIs(t, err, filelock.ErrHeld)
	require.NoError(t, cmd.Process.Kill())
	require.Error(t, cmd.Wait())
	release, err := filelock.Folder(dir)
	require.NoError(t, err)
	require.NoError(t, release())
}
