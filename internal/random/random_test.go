package random

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// The known answers are those of Random123 (kat_vectors, philox4x32 10).
func TestPhilox(t *testing.T) {
	for _, c := range []struct {
		counter [4]uint32
		key     [2]uint32
		want    [4]uint32
	}{
		{want: [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{[4]uint32{math.MaxUint32, math.MaxUint32, math.MaxUint32, math.MaxUint32}, [2]uint32{math.MaxUint32, math.MaxUint32},
			[4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, [2]uint32{0xa4093822, 0x299f31d0},
			[4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
	} {
		require.Equal(t, c.want, philox(c.counter, c.key))
	}
}

func TestEveryArgumentMatters(t *testing.T) {
	seen := map[uint64]string{}
	add := func(what string, bits uint64) {
		require.NotContains(t, seen, bits, what)
		seen[bits] = what
	}
	k := New(1, "lif1")
	add("base", k.Bits(0, 0, 0))
	add("seed", New(2, "lif1").Bits(0, 0, 0))
	add("name", New(1, "lif2").Bits(0, 0, 0))
	add("stream", k.Bits(1, 0, 0))
	add("step", k.Bits(0, 1, 0))
	add("high word of step", k.Bits(0, 1<<32, 0))
	add("index", k.Bits(0, 0, 1))
}

func TestMoments(t *testing.T) {
	const n = 200_000
	k := New(7, "moments")
	var mean, square, normalMean, normalSquare, fourth float64
	for i := range uint32(n) {
		u, z := k.Uniform(0, 0, i), k.Normal(1, 0, i)
		require.True(t, u >= 0 && u < 1)
		mean += u / n
		square += u * u / n
		normalMean += z / n
		normalSquare += z * z / n
		fourth += z * z * z * z / n
	}
	// Five standard errors of each.
	require.InDelta(t, 1.0/2, mean, 5*math.Sqrt(1.0/12/n))
	require.InDelta(t, 1.0/3, square, 5*math.Sqrt(4.0/45/n))
	require.InDelta(t, 0, normalMean, 5*math.Sqrt(1.0/n))
	require.InDelta(t, 1, normalSquare, 5*math.Sqrt(2.0/n))
	require.InDelta(t, 3, fourth, 5*math.Sqrt(96.0/n))
}

func TestSameBitsEverywhere(t *testing.T) {
	k := New(42, "fc1.weight")
	require.Equal(t, uint64(0xeca351a7681022dc), k.Bits(3, 5, 7))
	require.Equal(t, uint64(0x3ff6f6108fef78a3), math.Float64bits(k.Normal(3, 5, 7)))
}
