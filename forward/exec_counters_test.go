package forward_test

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/preset/sinabs"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// What neurons send is counted and hashed, whatever its kind; what integrators
// and layers of weights put out is not.
func TestSentNumbersCount(t *testing.T) {
	const steps, batch = 6, 2
	x := noise(3, steps, batch, 5)
	for i := range x.Data {
		x.Data[i] *= 3
	}
	for _, c := range []struct {
		name    string
		layer   snn.Layer
		spiking bool
		bits    bool
	}{
		{"plain", snn.LIF{}, true, true},
		{"several", snn.LIF{MultiSpike: true}, true, false},
		{"several, without a leak", snn.IF{MultiSpike: true}, true, false},
		{"graded", snn.LIF{Graded: 0.25}, true, false},
		{"under another name", sinabs.IAF{}, true, false},
		{"an integrator", snn.LI{}, false, false},
		{"a scale", snn.Scale{}, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, err := forward.Sequential(tensor.Shape{5}, c.layer)
			require.NoError(t, err)
			m, err := g.Init(1)
			require.NoError(t, err)
			var counters forward.Counters
			out, err := m.With(forward.Count(&counters)).Run(t.Context(), m.NewState(batch), x)
			require.NoError(t, err)
			name := g.Layers()[0]
			require.Equal(t, c.spiking, out.Spiking(name))
			require.False(t, out.Spiking("nobody"))
			_, bits := out.Signal.(*tensor.Spikes)
			require.Equal(t, c.bits, bits)

			sum, fired := 0.0, map[int]bool{}
			for i, v := range out.Dense().Data {
				if sum += float64(v); v != 0 {
					fired[i%5] = true
				}
			}
			require.Positive(t, sum, "a silent case proves nothing")
			counts := counters.Layers()[0]
			if !c.spiking {
				require.Zero(t, counts.Sent)
				require.Zero(t, counts.Spikes)
				return
			}
			require.InDelta(t, sum, counts.Sent, 1e-9)
			require.EqualValues(t, math.Round(sum), counts.Spikes)
			require.InDelta(t, sum/(steps*batch*5), counts.Rate, 1e-9)
			require.Equal(t, 5-len(fired), counts.Silent)

			tape, err := m.NewTape(forward.BackwardOptions{Inputs: true, Segment: 4})
			require.NoError(t, err)
			samples := forward.Samples{Inputs: []tensor.Signal{x}, Count: batch}
			require.NoError(t, tape.Run(t.Context(), samples, func([]*tensor.Tensor) ([][]float32, error) { return nil, nil }))
			layers := 0
			tape.Spikes(func(layer string, spikes, of int64) {
				require.Equal(t, []any{name, int64(math.Round(sum)), int64(steps * batch * 5)}, []any{layer, spikes, of})
				layers++
			})
			require.Equal(t, 1, layers)
			tape.Spikes(func(string, int64, int64) { t.Error("they have been counted") })

			h := forward.NewHasher()
			h.Add(out.Signal)
			if c.bits {
				return
			}
			total := sha256.New()
			for b := range batch {
				var words []byte
				for step := range steps {
					for i := range 5 {
						words = binary.LittleEndian.AppendUint32(words, math.Float32bits(out.Dense().Data[(step*batch+b)*5+i]))
					}
				}
				sample := sha256.Sum256(words)
				total.Write(sample[:])
			}
			require.Equal(t, total.Sum(nil), sums(h))
			e := forward.NewHasher()
			e.Add(eventsOfDense(out.Dense()))
			require.Equal(t, sums(h), sums(e))
		})
	}
}

func sums(h *forward.Hasher) []byte {
	s := h.Sum()
	return s[:]
}

func eventsOfDense(x *tensor.Tensor) *tensor.Events {
	steps, batch, features := x.Dims()
	e := tensor.NewEvents(batch, features...)
	n := features.Size()
	for r := range steps * batch {
		for i, v := range x.Data[r*n : (r+1)*n] {
			if v != 0 {
				e.Index, e.Value = append(e.Index, int32(i)), append(e.Value, v)
			}
		}
		e.Rows = append(e.Rows, len(e.Index))
	}
	e.T = steps
	return e
}

// Zeros of both signs, and every NaN, are one.
func TestHashOfZerosAndNaN(t *testing.T) {
	hash := func(v ...float32) []byte {
		h := forward.NewHasher()
		h.Add(tensor.Of(v, 1, 1, len(v)))
		return sums(h)
	}
	require.Equal(t, hash(0, 1), hash(float32(math.Copysign(0, -1)), 1))
	require.Equal(t, hash(float32(math.NaN())), hash(math.Float32frombits(0xffc00001)))
	require.NotEqual(t, hash(1, 2), hash(2, 1))
}
