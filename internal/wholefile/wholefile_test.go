package wholefile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/wholefile"
)

// A file is replaced as a whole; where that fails, what was there stays, and
// nothing else is left.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	for _, text := range []string{"a", "another"} {
		require.NoError(t, wholefile.Write(path, []byte(text)))
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, text, string(data))
	}
	folder := filepath.Join(dir, "folder")
	require.NoError(t, os.Mkdir(folder, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "inside"), nil, 0o644))
	require.Error(t, wholefile.Write(folder, []byte("b")))
	require.Error(t, wholefile.Write(filepath.Join(dir, "nowhere", "file"), []byte("b")))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 2)
}
