package conform

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/internal/vectors"
)

var updateWords = flag.Bool("update-words", false, "write the table of words anew")

// The table is what the cases say.
func TestWords(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(shared.Path(t, "golden"), "*.safetensors"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	var cases []*vectors.Case
	for _, path := range paths {
		c, err := vectors.ReadFile(path)
		require.NoError(t, err)
		cases = append(cases, c)
	}
	if *updateWords {
		require.NoError(t, os.WriteFile("words.txt", []byte(tableOf(cases)), 0o644))
		return
	}
	require.Equal(t, tableOf(cases), knownWords)
}
