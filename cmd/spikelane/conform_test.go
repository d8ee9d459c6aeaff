package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/simd"
)

func TestConform(t *testing.T) {
	defer func(tier string) { require.NoError(t, simd.Use(tier)) }(simd.Tier())
	c := conformance{Paths: []string{shared.Path(t, "golden")}}
	if emulated() {
		c.Paths = []string{shared.Path(t, "golden", "neuron.snntorch.Leaky.subtract.delay.atan.from0.safetensors")}
	}
	for _, c.Tier = range simd.Tiers() {
		require.NoError(t, c.Run(context.Background()))
		require.Equal(t, c.Tier, simd.Tier())
	}
	require.NoError(t, conformance{}.Run(context.Background()), "the built-in table")
}

func TestConformFails(t *testing.T) {
	defer func(tier string) { require.NoError(t, simd.Use(tier)) }(simd.Tier())
	ctx := context.Background()
	missing := simd.NEON
	if simd.Tiers()[len(simd.Tiers())-1] == simd.NEON {
		missing = simd.AVX2
	}
	require.ErrorContains(t, conformance{Tier: missing}.Run(ctx), missing)
	require.ErrorIs(t, conformance{Paths: []string{t.TempDir()}}.Run(ctx), os.ErrNotExist)
	bad := filepath.Join(t.TempDir(), "bad.safetensors")
	require.NoError(t, os.WriteFile(bad, []byte("no case"), 0o600))
	require.ErrorIs(t, conformance{Paths: []string{bad}}.Run(ctx), errDiffers)
	nmnist := conformance{Paths: []string{shared.Path(t, "golden", "nmnist_cnn.safetensors")}, Events: t.TempDir()}
	require.ErrorIs(t, nmnist.Run(ctx), errDiffers, "without recordings")
}
