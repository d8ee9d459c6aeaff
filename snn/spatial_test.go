package snn_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// small draws numbers whose sums of products are exact in float32, so that a
// reference may add them in any order.
func small(t *rapid.T, n int, share int) []float32 {
	seed := rapid.Uint64Range(1, math.MaxUint64).Draw(t, "numbers")
	v := make([]float32, n)
	for i := range v {
		seed ^= seed << 13
		seed ^= seed >> 7
		seed ^= seed << 17
		if int(seed>>32%100) < share {
			v[i] = float32(int(seed%17)-8) / 8
		}
	}
	return v
}

// runOp runs a layer by itself, on its input as dense numbers and as
// events, and returns what it says, which must be the same.
func runOp(t *rapid.T, l snn.Layer, x *tensor.Tensor, params map[string]*tensor.Tensor) *tensor.Tensor {
	steps, batch, features := x.Dims()
	plan, err := l.Build(features)
	require.NoError(t, err)
	op, err := plan.Prepare(params)
	require.NoError(t, err)
	y := tensor.New(append(tensor.Shape{steps, batch}, plan.Out...)...)
	op.Forward(x, y, nil, &snn.Scratch{})

	var out tensor.Signal = tensor.New(y.Shape...)
	if _, writes := plan.Kinds(tensor.KindEvents); writes == tensor.KindEvents {
		e := tensor.NewEvents(batch, plan.Out...)
		e.T = steps
		out = e
	}
	op.Forward(eventsOf(x), out, nil, &snn.Scratch{})
	require.NoError(t, out.Check())
	require.Equal(t, y.Data, out.Dense().Data, "events say what dense numbers say")
	return y
}

func eventsOf(x *tensor.Tensor) *tensor.Events {
	steps, batch, features := x.Dims()
	e, n := tensor.NewEvents(batch, features...), features.Size()
	e.T = steps
	for r := range steps * batch {
		for i, v := range x.Data[r*n : (r+1)*n] {
			if v != 0 {
				e.Index, e.Value = append(e.Index, int32(i)), append(e.Value, v)
			}
		}
		e.Rows = append(e.Rows, len(e.Index))
	}
	return e
}

func drawSize(t *rapid.T, name string, least, most int) snn.Size {
	return snn.Size{rapid.IntRange(least, most).Draw(t, name), rapid.IntRange(least, most).Draw(t, name)}
}

func TestConv2d(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groups := rapid.IntRange(1, 3).Draw(t, "groups")
		c := snn.Conv2d{
			Out: groups * rapid.IntRange(1, 20).Draw(t, "out"), Groups: groups,
			Kernel: drawSize(t, "kernel", 1, 4), Stride: drawSize(t, "stride", 1, 3),
			Padding: drawSize(t, "padding", 0, 3), Dilation: drawSize(t, "dilation", 1, 3),
		}
		in := tensor.Shape{groups * rapid.IntRange(1, 3).Draw(t, "in"), rapid.IntRange(1, 14).Draw(t, "height"), rapid.IntRange(1, 14).Draw(t, "width")}
		plan, err := c.Build(in)
		if err != nil {
			t.Skip("the kernel does not fit")
		}
		steps, batch := rapid.IntRange(1, 2).Draw(t, "steps"), rapid.IntRange(1, 2).Draw(t, "batch")
		x := tensor.Of(small(t, steps*batch*in.Size(), rapid.SampledFrom([]int{5, 50, 100}).Draw(t, "share")), append(tensor.Shape{steps, batch}, in...)...)
		w := tensor.Of(small(t, plan.Params[0].Shape.Size(), 100), plan.Params[0].Shape...)
		b := tensor.Of(small(t, c.Out, 100), c.Out)
		y := runOp(t, c, x, map[string]*tensor.Tensor{"weight": w, "bias": b})

		at := func(r, ch, i, j int) float32 {
			if i < 0 || j < 0 || i >= in[1] || j >= in[2] {
				return 0
			}
			return x.Data[((r*in[0]+ch)*in[1]+i)*in[2]+j]
		}
		k := 0
		per := in[0] / groups
		for r := range steps * batch {
			for o := range plan.Out[0] {
				for i := range plan.Out[1] {
					for j := range plan.Out[2] {
						sum := b.Data[o]
						for ch := range per {
							for p := range c.Kernel[0] {
								for q := range c.Kernel[1] {
									weight := w.Data[((o*per+ch)*c.Kernel[0]+p)*c.Kernel[1]+q]
									sum += weight * at(r, o/(c.Out/groups)*per+ch, i*c.Stride[0]+p*c.Dilation[0]-c.Padding[0], j*c.Stride[1]+q*c.Dilation[1]-c.Padding[1])
								}
							}
						}
						require.Equal(t, sum, y.Data[k], "output %d %d %d", o, i, j)
						k++
					}
				}
			}
		}
	})
}

func TestPools(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := snn.SumPool2d{Kernel: drawSize(t, "kernel", 1, 4), Stride: drawSize(t, "stride", 0, 3), Padding: drawSize(t, "padding", 0, 2)}
		in := tensor.Shape{rapid.IntRange(1, 3).Draw(t, "channels"), rapid.IntRange(1, 40).Draw(t, "height"), rapid.IntRange(1, 40).Draw(t, "width")}
		plan, err := s.Build(in)
		if err != nil {
			t.Skip("the window does not fit")
		}
		x := tensor.Of(small(t, 2*in.Size(), 60), append(tensor.Shape{2, 1}, in...)...)
		sum := runOp(t, s, x, nil)
		avg := runOp(t, snn.AvgPool2d(s), x, nil)
		stride := s.Stride
		for i := range stride {
			if stride[i] == 0 {
				stride[i] = s.Kernel[i]
			}
		}
		k := 0
		for plane := range 2 * in[0] {
			for i := range plan.Out[1] {
				for j := range plan.Out[2] {
					want := float32(0)
					for p := range s.Kernel[0] {
						for q := range s.Kernel[1] {
							row, col := i*stride[0]+p-s.Padding[0], j*stride[1]+q-s.Padding[1]
							if row >= 0 && col >= 0 && row < in[1] && col < in[2] {
								want += x.Data[(plane*in[1]+row)*in[2]+col]
							}
						}
					}
					require.Equal(t, want, sum.Data[k])
					require.Equal(t, want/float32(s.Kernel[0]*s.Kernel[1]), avg.Data[k])
					k++
				}
			}
		}
	})
}

// Constant-current coding is multiplied once, and says the same.
func TestRepeats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := tensor.New(4, 2, 30)
		copy(x.Data, small(t, 60, 100))
		for step := 1; step < 4; step++ {
			copy(x.Data[step*60:], x.Data[:60])
		}
		params := map[string]*tensor.Tensor{"weight": tensor.Of(small(t, 300, 100), 10, 30), "bias": tensor.Of(small(t, 10, 100), 10)}
		same := runOp(t, snn.Linear{Out: 10}, x, params)
		other := tensor.New(5, 2, 30)
		copy(other.Data, x.Data)
		require.Equal(t, runOp(t, snn.Linear{Out: 10}, other, params).Data[:len(same.Data)], same.Data)
	})
}
