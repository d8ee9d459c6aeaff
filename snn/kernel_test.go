package snn

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/microcode"
	"github.com/spikelane/spikelane/simd"
)

// numbersFor are numbers of which some are special.
func numbersFor(r *rand.Rand, n int) []float32 {
	special := []float32{0, 1, -1, 0.5, 1e-40, -1e-40, 3e38, -3e38}
	v := make([]float32, n)
	for i := range v {
		if v[i] = 3*r.Float32() - 1; r.IntN(16) == 0 {
			v[i] = special[r.IntN(len(special))]
		}
	}
	return v
}

// callFor draws a call of a pass with panels of some lanes, from numbers that do
// not depend on how they lie.
func callFor(k *simd.Kernel, seed uint64, n, steps int) *simd.Call {
	r := rand.New(rand.NewPCG(seed, 7))
	panel := func(arrays int) []float32 {
		l := simd.Layout{N: n, Arrays: arrays, Lanes: k.Lanes}
		p := make([]float32, l.Size())
		for a := range arrays {
			l.Put(p, a, numbersFor(r, n))
		}
		return p
	}
	c := &simd.Call{N: n, Steps: steps, Optional: true}
	c.State, c.Params, c.Sums = panel(k.States), panel(k.Params), panel(k.Sums)
	for _, kind := range k.Streams {
		s := simd.Stream{Stride: (n + 63) / 64}
		if kind.Role == simd.RoleSpikes {
			s.Bits = make([]uint64, steps*s.Stride)
		} else {
			s.Stride = kind.Arrays * simd.Padded(n)
			s.Floats = make([]float32, steps*s.Stride)
			l := simd.Layout{N: n, Arrays: kind.Arrays, Lanes: k.Lanes}
			for t := range steps {
				for a := range kind.Arrays {
					l.Put(s.Floats[t*s.Stride:(t+1)*s.Stride], a, numbersFor(r, n))
				}
			}
		}
		c.Streams = append(c.Streams, s)
	}
	return c
}

// contents are the numbers of a call, in an order that does not depend on how
// they lie.
func contents(k *simd.Kernel, c *simd.Call) (floats [][]float32, bits [][]uint64) {
	panel := func(p []float32, arrays int) {
		for a := range arrays {
			v := make([]float32, c.N)
			simd.Layout{N: c.N, Arrays: arrays, Lanes: k.Lanes}.Get(v, p, a)
			floats = append(floats, v)
		}
	}
	panel(c.State, k.States)
	panel(c.Sums, k.Sums)
	for i, kind := range k.Streams {
		s := c.Streams[i]
		if kind.Role == simd.RoleSpikes {
			bits = append(bits, s.Bits)
			continue
		}
		for t := range c.Steps {
			panel(s.Floats[t*s.Stride:(t+1)*s.Stride], kind.Arrays)
		}
	}
	return floats, bits
}

// Every neuron of this package, written as text and run as a program, has the
// bits of its compiled kernel: forward and backward, on every tier.
func TestTextsHaveTheBitsOfKernels(t *testing.T) {
	tier := simd.Tier()
	defer func() { require.NoError(t, simd.Use(tier)) }()
	require.GreaterOrEqual(t, len(allKernels), 50)
	compiled, spikes := 0, 0
	for i, k := range slices.Concat(allKernels, specialKernels) {
		if !k.compiled {
			continue
		}
		compiled++
		description, err := k.described()
		require.NoError(t, err)
		for _, n := range []int{1, 16, 67, 300} {
			program, err := microcode.New(description, n)
			require.NoError(t, err, k.name)
			for _, back := range []bool{false, true} {
				if back && i >= len(allKernels) {
					continue // that of a kernel above
				}
				for _, tier := range simd.Tiers() {
					require.NoError(t, simd.Use(tier))
					what := fmt.Sprintf("%s, %d neurons, backward %v, %s", k.name, n, back, tier)
					want, got := k.neuron.Forward(), program.Forward()
					runWant, runGot := k.neuron.Advance, program.Advance
					if back {
						want, got, runWant, runGot = k.neuron.Backward(), program.Backward(), k.neuron.Back, program.Back
					}
					require.Equal(t, want.Streams, got.Streams, what)
					a, b := callFor(want, uint64(i), n, 5), callFor(got, uint64(i), n, 5)
					runWant(a)
					runGot(b)
					floats, bits := contents(want, a)
					floats2, bits2 := contents(got, b)
					for j := range floats {
						for e := range floats[j] {
							x, y := floats[j][e], floats2[j][e]
							if x != y && (x == x || y == y) || x == 0 && 1/x != 1/y {
								require.FailNow(t, "different bits", "%s, array %d, neuron %d: want %v, got %v", what, j, e, x, y)
							}
						}
					}
					require.Equal(t, bits, bits2, what)
					for _, b := range slices.Concat(bits...) {
						if b != 0 {
							spikes++
						}
					}
				}
			}
		}
	}
	require.Positive(t, compiled)
	require.Positive(t, spikes)
}
