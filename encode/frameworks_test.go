package encode_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/internal/python"
	"github.com/spikelane/spikelane/tensor"
)

// The encoders that name a framework give its spikes: of latencies these very
// ones, halves and bounds included, of rates as many.
func TestEncodersAreTheFrameworks(t *testing.T) {
	type latency struct {
		X     []float32 `json:"x"`
		Steps int       `json:"steps"`
		Least float64   `json:"least"`
	}
	var given struct {
		Latency []latency `json:"latency"`
		Rate    []float32 `json:"rate"`
		Steps   int       `json:"steps"`
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		c := latency{Steps: 2 + r.IntN(40), Least: float64(float32(0.01 + 0.3*r.Float64()))}
		for i := range 2 * c.Steps {
			half := float32(i) / float32(2*(c.Steps-1))
			c.X = append(c.X, r.Float32(), min(half, 1), r.Float32()/16)
		}
		c.X = append(c.X, 0, 1, 0.5, float32(c.Least), math.Nextafter32(float32(c.Least), 0), 0x1p-149)
		given.Latency = append(given.Latency, c)
	}
	given.Rate, given.Steps = []float32{0, 1, -0.5, 1.5, 0.5, 0.1, 0.9, 0.001}, 20000
	var foreign struct {
		Latency [][]int
		Rate    []float64
	}
	python.Exchange(t, "testdata/encoders.py", given, &foreign)

	spiked := 0
	for i, c := range given.Latency {
		s, err := encode.Latency(tensor.Of(c.X, 1, len(c.X)), c.Steps, float32(c.Least))
		require.NoError(t, err)
		for k, v := range c.X {
			at := -1
			for step := range c.Steps {
				if s.At(step, 0, k) {
					require.Equal(t, -1, at, "one spike each")
					at = step
					spiked++
				}
			}
			require.Equal(t, foreign.Latency[i][k], at, "%v in %d steps, least %v", v, c.Steps, c.Least)
		}
	}
	require.Greater(t, spiked, 2000)

	s, err := encode.Rate(tensor.Of(given.Rate, 1, len(given.Rate)), given.Steps, 0, 1, nil)
	require.NoError(t, err)
	for i, p := range given.Rate {
		count := 0
		for step := range given.Steps {
			if s.At(step, 0, i) {
				count++
			}
		}
		p := min(max(float64(p), 0), 1)
		deviation := math.Sqrt(2 * p * (1 - p) * float64(given.Steps)) // of the difference of two counts
		require.InDelta(t, foreign.Rate[i], count, 4*deviation, "%v", p)
	}
}

// Halves go to the even step.
func TestLatencyHalves(t *testing.T) {
	for _, c := range []struct {
		x     float32
		steps int
		at    int
	}{{0.5, 2, 0}, {0.5, 10, 4}, {0.5, 4, 2}, {0.75, 3, 0}, {0.25, 3, 2}, {1, 1, 0}, {0.5, 1, 0}} {
		s, err := encode.Latency(tensor.Of([]float32{c.x}, 1, 1), c.steps, 0)
		require.NoError(t, err)
		require.True(t, s.At(c.at, 0, 0), "%v in %d steps", c.x, c.steps)
		require.Equal(t, 1, s.Count())
	}
}
