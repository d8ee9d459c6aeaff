package snn

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/tensor"
)

// Whatever schedule a product takes, it gives the bits of the plain gather:
// block by block for wide layers, columns shared among goroutines, dense.
func TestSchedulesGiveTheSameBits(t *testing.T) {
	for _, c := range []struct {
		in, out, rows int
		density       float64
	}{
		{wideInputs + 9, 70, 300, 0.02},        // blocks
		{wideInputs + 9, 1000, blockRows, 0.1}, // blocks, shared
		{700, 1000, 64, 0.1},                   // shared
		{700, 1000, 64, 0.7},                   // shared and dense
		{300, 20, 16, 0.1},                     // neither
	} {
		op, _ := prepared(t, Linear{Out: c.out}, tensor.Shape{c.in})
		l, x := op.(*linear), spikesAt(c.rows, c.density, c.in)
		require.Positive(t, x.Count())
		want, scratch := make([]float32, c.rows*l.panels.Stride()), &Scratch{}
		s, _ := sparseOf(x, 1, scratch)
		l.panels.Gather(want, l.panels.Stride(), l.bias, 0, s.rows, s.index, s.value, 0)
		for _, workers := range []int{0, 1, 2, 3, 64} {
			got := make([]float32, c.rows*c.out)
			l.Forward(x, tensor.Of(got, c.rows, 1, c.out), nil, &Scratch{Workers: workers})
			for r := range c.rows {
				require.Equal(t, want[r*l.panels.Stride():][:c.out], got[r*c.out:(r+1)*c.out], "%+v, %d workers, row %d", c, workers, r)
			}
		}
	}
}
