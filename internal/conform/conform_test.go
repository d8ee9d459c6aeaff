package conform_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/conform"
	"github.com/spikelane/spikelane/internal/golden"
	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/simd"
)

// Every case of the other frameworks, on every tier.
func TestGoldens(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(shared.Path(t, "golden"), "*.safetensors"))
	require.NoError(t, err)
	require.Greater(t, len(paths), 300)
	defer func(tier string) { require.NoError(t, simd.Use(tier)) }(simd.Tier())
	for _, tier := range simd.Tiers() {
		require.NoError(t, simd.Use(tier))
		for _, path := range paths {
			c, err := golden.ReadFile(path)
			require.NoError(t, err)
			if c.Kind == "nmnist" {
				continue // its recordings are run by the command
			}
			t.Run(tier+"/"+strings.TrimSuffix(filepath.Base(path), ".safetensors"), func(t *testing.T) {
				r := conform.Run(c)
				require.NoError(t, r.Err)
				require.LessOrEqual(t, r.Worst, 1.0)
			})
		}
	}
}
