package simd

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// Who runs the tests says which tier must be in use: a run in which it
// silently was not would prove nothing.
func TestTierInUse(t *testing.T) {
	want, ok := os.LookupEnv("SPIKELANE_TIER")
	if !ok {
		t.Skip("SPIKELANE_TIER does not say which tier to expect")
	}
	require.Equal(t, want, Tier())
}

func TestUse(t *testing.T) {
	defer func(tier string) { require.NoError(t, Use(tier)) }(Tier())
	for _, tier := range Tiers() {
		require.NoError(t, Use(tier))
		require.Equal(t, tier, Tier())
	}
	require.Error(t, Use("sse2"))
}

// emulated says that the CPU is an emulator, some fifty times as slow.
var emulated = os.Getenv("SPIKELANE_EMULATED") != ""

// nightly says that there is time for full sweeps.
var nightly = os.Getenv("SPIKELANE_NIGHTLY") != ""

// onTier runs f with a tier in use.
func onTier(t testing.TB, tier string, f func()) {
	before := Tier()
	require.NoError(t, Use(tier))
	defer Use(before)
	f()
}

// forEachTier runs a test on every tier.
func forEachTier(t *testing.T, f func(t *testing.T)) {
	for _, tier := range Tiers() {
		t.Run(tier, func(t *testing.T) { onTier(t, tier, func() { f(t) }) })
	}
}

// forEachAssembly runs a test once for every tier but pure Go.
func forEachAssembly(t *testing.T, f func(t *testing.T, tier string)) {
	for _, tier := range Tiers() {
		if tier != Go {
			t.Run(tier, func(t *testing.T) { f(t, tier) })
		}
	}
}
