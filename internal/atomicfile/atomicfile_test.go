package atomicfile_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/atomicfile"
	"github.com/spikelane/spikelane/internal/filelock"
)

// A file is replaced as a whole; where that fails, what was there stays, and
// nothing else is left.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	for _, text := range []string{"a", "another"} {
		require.NoError(t, atomicfile.Write(path, []byte(text)))
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, text, string(data))
	}
	folder := filepath.Join(dir, "folder")
	require.NoError(t, os.Mkdir(folder, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "inside"), nil, 0o644))
	require.Error(t, atomicfile.Write(folder, []byte("b")))
	require.Error(t, atomicfile.Write(filepath.Join(dir, "nowhere", "file"), []byte("b")))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 2)
}

// A process that is killed while it writes leaves nothing, or nothing that the
// next does not remove; the file is the one from before or the whole new one.
func TestKilledWhileWriting(t *testing.T) {
	if path := os.Getenv("SPIKELANE_WRITE"); path != "" {
		for i := 0; ; i++ {
			require.NoError(t, atomicfile.Write(path, bytes.Repeat([]byte{byte(i)}, size)))
		}
	}
	if runtime.GOOS == "js" || runtime.GOOS == "wasip1" || os.Getenv("SPIKELANE_EMULATED") != "" {
		t.Skip("it starts itself again")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	for i := range 20 {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestKilledWhileWriting$")
		cmd.Env = append(os.Environ(), "SPIKELANE_WRITE="+path)
		require.NoError(t, cmd.Start())
		require.Eventually(t, func() bool { _, err := os.Stat(path); return err == nil }, time.Minute, time.Millisecond)
		time.Sleep(time.Duration(i*1237%7000) * time.Microsecond)
		require.NoError(t, cmd.Process.Kill())
		require.Error(t, cmd.Wait())
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Len(t, data, size)
		require.Equal(t, bytes.Repeat(data[:1], size), data)
	}
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	if runtime.GOOS == "linux" {
		require.LessOrEqual(t, len(files), 3, "but for the moment between two calls of the system")
	}
	require.NoError(t, atomicfile.Clean(dir))
	files, err = os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, files, 1)
}

const size = 1 << 20

// What is being written is not cleaned away.
func TestClean(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a [strange] folder*")
	require.NoError(t, os.Mkdir(dir, 0o755))
	held, err := os.Create(filepath.Join(dir, ".spikelane-held"))
	require.NoError(t, err)
	defer held.Close()
	require.True(t, filelock.Free(held) || runtime.GOOS == "windows")
	for _, name := range []string{".spikelane-1", ".spikelane-2", "kept"} {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, nil, 0o644))
		old := time.Now().Add(-2 * time.Hour)
		require.NoError(t, os.Chtimes(path, old, old))
	}
	require.NoError(t, atomicfile.Clean(dir))
	left, err := filepath.Glob(filepath.Join(filepath.Dir(dir), "a *", "*"))
	require.NoError(t, err)
	require.Equal(t, []string{held.Name(), filepath.Join(dir, "kept")}, left)
}

func TestProbe(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, atomicfile.Probe(dir, 100_000))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
	require.Error(t, atomicfile.Probe(filepath.Join(dir, "none"), 1))
}
