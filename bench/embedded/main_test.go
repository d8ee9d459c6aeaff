package main

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A program that only runs networks has the kernels that run them, and none of
// those that train them: the linker leaves out what nobody calls.
func TestHasNoBackwardKernels(t *testing.T) {
	file := filepath.Join(t.TempDir(), "embedded")
	out, err := exec.Command("go", "build", "-o", file, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	symbols, err := exec.Command("go", "tool", "nm", file).Output()
	require.NoError(t, err)
	require.Contains(t, string(symbols), "simd.lifSubtract")
	require.NotContains(t, string(symbols), "simd.lifSubtractBackward")
}
