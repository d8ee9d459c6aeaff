// Package python runs scripts with the Python packages that tests compare with.
package python

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

// Run runs a script under the interpreter $SPIKELANE_PYTHON and returns what it
// printed; a script that fails is a failure of the test. Without an interpreter
// the test is skipped, or fails if $SPIKELANE_REQUIRE_PYTHON is set, so that
// the comparison does not get lost unseen.
func Run(t testing.TB, script string, args ...string) string {
	t.Helper()
	python := os.Getenv("SPIKELANE_PYTHON")
	if python == "" {
		if os.Getenv("SPIKELANE_REQUIRE_PYTHON") != "" {
			t.Fatal("SPIKELANE_PYTHON names no interpreter")
		}
		t.Skip("SPIKELANE_PYTHON names no interpreter")
	}
	cmd := exec.Command(python, append([]string{"-B", script}, args...)...) // -B: no files beside the script
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s %v: %s", script, args, out)
	return string(out)
}
