package tensor_test

import (
	"fmt"
	"math"
	"math/bits"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/spikelane/spikelane/tensor"
)

func TestShape(t *testing.T) {
	require.Equal(t, 1, tensor.Shape{}.Size())
	require.Equal(t, 24, tensor.Shape{2, 3, 4}.Size())
	require.NoError(t, tensor.Shape{2, 3, 4}.Check())
	require.NoError(t, tensor.Shape{}.Check())
	for _, bad := range []tensor.Shape{{0}, {-1}, {3, -2}, {1 << 16, 1 << 15}, {math.MaxInt32, math.MaxInt32, 2}} {
		require.ErrorIs(t, bad.Check(), tensor.ErrShape, "%v", bad)
	}
}

// The three kinds of a signal of zeros and ones hold the same.
func TestKindsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		steps, batch := rapid.IntRange(0, 3).Draw(t, "steps"), rapid.IntRange(0, 3).Draw(t, "batch")
		features := tensor.Shape{rapid.IntRange(1, 3).Draw(t, "channels"), rapid.IntRange(1, 70).Draw(t, "width")}
		s := tensor.NewSpikes(steps, batch, features...)
		e := tensor.NewEvents(batch, features...)
		n, count := features.Size(), 0
		for step := range steps {
			for b := range batch {
				for i := range n {
					if rapid.IntRange(0, 3).Draw(t, "spike") == 0 {
						s.Set(step, b, i)
						e.Index, e.Value = append(e.Index, int32(i)), append(e.Value, 1)
						count++
					}
				}
				e.Rows = append(e.Rows, len(e.Index))
			}
			e.T++
		}
		require.NoError(t, s.Check())
		require.NoError(t, e.Check())
		require.Equal(t, s.Dense(), e.Dense())
		require.Equal(t, s, tensor.SpikesOf(s.Dense()))
		require.Equal(t, count, s.Count())
		if cells := steps * batch * n; cells > 0 {
			require.Equal(t, float64(count)/float64(cells), s.Rate())
		}
		for _, signal := range []tensor.Signal{s, e, s.Dense()} {
			gotSteps, gotBatch, gotFeatures := signal.Dims()
			require.Equal(t, []any{steps, batch, features}, []any{gotSteps, gotBatch, gotFeatures})
		}
	})
}

// half times half wraps to 0.
const half = 1 << (bits.UintSize / 2)

// What is out of range panics, with a constant text, and never is another
// sample's.
func TestOutOfRange(t *testing.T) {
	s := tensor.NewSpikes(2, 3, 70)
	e := tensor.NewEvents(3, 70)
	e.T, e.Rows = 2, make([]int, 7)
	for name, f := range map[string]func(){
		"Set, feature":          func() { s.Set(0, 0, 70) },
		"Set, negative feature": func() { s.Set(0, 0, -1) },
		"Set, sample":           func() { s.Set(0, 3, 0) },
		"Set, negative sample":  func() { s.Set(1, -1, 0) },
		"Set, step":             func() { s.Set(2, 0, 0) },
		"At, feature":           func() { s.At(0, 0, 70) },
		"At, sample":            func() { s.At(0, 3, 0) },
		"Row, sample":           func() { s.Row(0, 3) },
		"events, sample":        func() { e.Row(0, 3) },
		"events, step":          func() { e.Row(2, 0) },
	} {
		require.Panics(t, f, name)
	}
	require.PanicsWithValue(t, "tensor: step or sample out of range", func() { s.Set(0, 3, 0) })
	require.PanicsWithValue(t, "tensor: feature out of range", func() { s.Set(0, 0, 70) })
	require.PanicsWithValue(t, "tensor: a shape that cannot be", func() { tensor.New(half, half) })
	require.PanicsWithValue(t, "tensor: a shape that cannot be", func() { tensor.NewSpikes(half, half, 4) })
	require.PanicsWithValue(t, "tensor: a shape that cannot be", func() { tensor.NewSpikes(1, -1, 4) })
	require.Zero(t, s.Count())
}

func TestCheckRefuses(t *testing.T) {
	spikes := func(change func(*tensor.Spikes)) tensor.Signal {
		s := tensor.NewSpikes(2, 1, 70)
		change(s)
		return s
	}
	events := func(change func(*tensor.Events)) tensor.Signal {
		e := &tensor.Events{T: 1, B: 2, Features: tensor.Shape{5}, Rows: []int{0, 2, 3}, Index: []int32{1, 4, 0}, Value: []float32{1, 2, 3}}
		require.NoError(t, e.Check())
		change(e)
		return e
	}
	for name, bad := range map[string]tensor.Signal{
		"spikes: a word too few":      spikes(func(s *tensor.Spikes) { s.Bits = s.Bits[1:] }),
		"spikes: padding set":         spikes(func(s *tensor.Spikes) { s.Bits[3] = 1 << 6 }),
		"spikes: negative steps":      spikes(func(s *tensor.Spikes) { s.T = -2 }),
		"events: a row too few":       events(func(e *tensor.Events) { e.Rows = e.Rows[1:] }),
		"events: rows past the end":   events(func(e *tensor.Events) { e.Rows[2] = 4 }),
		"events: rows descend":        events(func(e *tensor.Events) { e.Rows[1] = 4; e.Index = append(e.Index, 0); e.Value = append(e.Value, 0) }),
		"events: row before zero":     events(func(e *tensor.Events) { e.Rows[0] = -1 }),
		"events: a value too few":     events(func(e *tensor.Events) { e.Value = e.Value[1:] }),
		"events: feature too high":    events(func(e *tensor.Events) { e.Index[1] = 5 }),
		"events: feature negative":    events(func(e *tensor.Events) { e.Index[0] = -1 }),
		"events: feature twice":       events(func(e *tensor.Events) { e.Index[1] = 1 }),
		"spikes: sizes overflow":      &tensor.Spikes{T: half, B: half, Features: tensor.Shape{64}},
		"spikes: features overflow":   &tensor.Spikes{T: 1, B: 1, Features: tensor.Shape{half, half}},
		"spikes: nil":                 (*tensor.Spikes)(nil),
		"events: no rows":             &tensor.Events{T: 0, B: 1, Features: tensor.Shape{5}},
		"events: sizes overflow":      &tensor.Events{T: half, B: half, Features: tensor.Shape{5}, Rows: []int{0}},
		"events: nil":                 (*tensor.Events)(nil),
		"dense: sizes overflow":       &tensor.Tensor{Shape: tensor.Shape{half, 1, half}},
		"dense: nil":                  (*tensor.Tensor)(nil),
		"dense: fewer than announced": &tensor.Tensor{Shape: tensor.Shape{2, 3}, Data: make([]float32, 5)},
	} {
		require.ErrorIs(t, bad.Check(), tensor.ErrShape, name)
	}
	require.Panics(t, func() { tensor.NewSpikes(1, 1, 70).Set(0, 0, 70) })
}

func ExampleSpikes() {
	s := tensor.NewSpikes(2, 1, 3) // two steps, one sample, three features
	s.Set(0, 0, 2)
	s.Set(1, 0, 0)
	fmt.Println(s.Count(), s.At(0, 0, 2), s.Dense().Data)
	// Output: 2 true [0 0 1 1 0 0]
}

func ExampleEvents() {
	e := tensor.NewEvents(1, 3)
	e.Index, e.Value = append(e.Index, 0, 2), append(e.Value, 1, 4) // feature 2 four times
	e.Rows, e.T = append(e.Rows, len(e.Index)), 1
	fmt.Println(e.Check(), e.Dense().Data)
	// Output: <nil> [1 0 4]
}
