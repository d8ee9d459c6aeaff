package encode_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/tensor"
)

var (
	nan = float32(math.NaN())
	inf = float32(math.Inf(1))
)

// No encoder takes what it cannot code; it says which number, before any work.
func TestEncodersRefuse(t *testing.T) {
	encoders := map[string]func(x *tensor.Tensor, steps int) error{
		"rate":       func(x *tensor.Tensor, steps int) error { _, err := encode.Rate(x, steps, 0, 1, nil); return err },
		"latency":    func(x *tensor.Tensor, steps int) error { _, err := encode.Latency(x, steps, 0.01); return err },
		"population": func(x *tensor.Tensor, steps int) error { _, err := encode.Population(x, steps, 0, 1); return err },
		"delta": func(x *tensor.Tensor, steps int) error {
			if x != nil && len(x.Shape) == 2 {
				x = tensor.Of(x.Data, 1, x.Shape[0], x.Shape[1])
			}
			_, err := encode.Delta(x, 1/float32(steps))
			return err
		},
	}
	for name, encoder := range encoders {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, encoder(tensor.Of([]float32{0, 1, 0.5}, 1, 3), 4))
			for says, x := range map[string]*tensor.Tensor{
				"number 1 of [1 3] is NaN": tensor.Of([]float32{0, nan, 1}, 1, 3),
				"is +Inf":                  tensor.Of([]float32{0, 0, inf}, 1, 3),
				"is -Inf":                  tensor.Of([]float32{-inf, 0, 0}, 1, 3),
				"below 1":                  tensor.Of(nil, 0, 3),
				"[1 0]":                    tensor.Of(nil, 1, 0),
				"holds 2 numbers":          tensor.Of([]float32{0, 1}, 1, 3),
				"no tensor":                nil,
				"2^31-1":                   tensor.Of(nil, 1<<30, 1<<30),
			} {
				if name == "delta" && says == "number 1 of [1 3] is NaN" {
					says = "number 1 of [1 1 3] is NaN"
				}
				if name == "delta" && says == "[1 0]" {
					says = "[1 1 0]"
				}
				err := encoder(x, 4)
				require.ErrorIs(t, err, tensor.ErrShape)
				require.ErrorContains(t, err, says)
				require.ErrorContains(t, err, name)
			}
			if name != "delta" {
				for _, steps := range []int{0, -1, 1 << 30, math.MaxInt, math.MinInt} {
					require.ErrorIs(t, encoder(tensor.New(1, 3), steps), encode.ErrRange, "%d", steps)
				}
			}
		})
	}
	x := tensor.New(1, 3)
	for _, first := range []int{-1, math.MaxInt} {
		_, err := encode.Rate(x, 3, first, 1, nil)
		require.ErrorIs(t, err, encode.ErrRange)
	}
	for _, least := range []float32{nan, -1, 1.5, inf} {
		_, err := encode.Latency(x, 3, least)
		require.ErrorIs(t, err, encode.ErrRange)
	}
	for _, outside := range []float32{-0.1, 255} {
		_, err := encode.Latency(tensor.Of([]float32{0, outside}, 1, 2), 3, 0)
		require.ErrorIs(t, err, encode.ErrRange)
	}
	for _, ends := range [][2]float64{{1, 1}, {1, 0}, {math.NaN(), 1}, {0, math.Inf(1)}, {-math.MaxFloat64, math.MaxFloat64}, {0, 5e-324}} {
		_, err := encode.Population(x, 3, ends[0], ends[1])
		require.ErrorIs(t, err, encode.ErrRange, "%v", ends)
	}
}

// However far a signal jumps, Delta returns, and counts exactly or not at all.
func TestDeltaJumps(t *testing.T) {
	for _, threshold := range []float32{0, -1, nan, inf} {
		_, err := encode.Delta(tensor.New(2, 1, 1), threshold)
		require.ErrorIs(t, err, encode.ErrRange)
	}
	for _, c := range []struct {
		threshold, to float32
		refused       bool
	}{
		{1, 1 << 24, false}, {1, -(1 << 24), false}, {1, 1 << 25, true}, {0x1p-149, math.MaxFloat32, true},
		{0x1p-149, 0x1p-130, false}, {math.MaxFloat32, math.MaxFloat32, false}, {0.1, 1e5, false},
	} {
		e, err := encode.Delta(tensor.Of([]float32{0, 0, c.to}, 3, 1, 1), c.threshold)
		if c.refused {
			require.ErrorIs(t, err, encode.ErrRange)
			require.ErrorContains(t, err, "step 2, sample 0, feature 0")
			continue
		}
		require.NoError(t, err)
		require.Len(t, e.Value, 1)
		require.InDelta(t, math.Abs(float64(c.to)), float64(e.Value[0])*float64(c.threshold), float64(c.threshold))
	}
	_, err := encode.Delta(tensor.Of([]float32{-math.MaxFloat32, math.MaxFloat32}, 2, 1, 1), math.MaxFloat32)
	require.NoError(t, err, "a difference that is no float32")
}

// A level does not drift: after many small changes it is still within a
// threshold of the signal, and back where it began when the signal is.
func TestDeltaDoesNotDrift(t *testing.T) {
	const steps, threshold = 20001, float32(0.1)
	x := tensor.New(steps, 1, 1)
	for i := range x.Data {
		x.Data[i] = 50 * float32(math.Sin(float64(i)*math.Pi/1000))
	}
	x.Data[steps-1] = 0
	e, err := encode.Delta(x, threshold)
	require.NoError(t, err)
	level, passed := 0, 0
	for at := range steps {
		index, value := e.Row(at, 0)
		for k, i := range index {
			level += int(value[k]) * (1 - 2*int(i))
			passed += int(value[k])
		}
		require.Less(t, math.Abs(float64(level)*float64(threshold)-float64(x.Data[at])), float64(threshold))
	}
	require.Zero(t, level)
	require.Greater(t, passed, 10000)
}
