package python

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Exchange runs a script with two paths: of a JSON file that holds give, and of
// one that it writes, which is read into take.
func Exchange(t testing.TB, script string, give, take any) {
	t.Helper()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.json"), filepath.Join(dir, "out.json")
	text, err := json.Marshal(give)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(in, text, 0o600))
	Run(t, script, in, out)
	text, err = os.ReadFile(out)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, take))
}
