package snn

import (
	"fmt"

	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/tensor"
)

// Conv2d is a two-dimensional cross-correlation, PyTorch's Conv2d with zero
// padding:
//
//	y[o, i, j] = bias[o] + sum over c, r, s of
//		weight[o, c, r, s] * x[c, i*Stride+r*Dilation-Padding, j*Stride+s*Dilation-Padding]
//
// with the sum in ascending order of channel, row, column. Its input is
// [channels, height, width]. Parameters: weight [Out, channels/Groups, kernel
// height, kernel width], bias [Out]; both start uniform in +-1/sqrt(fan in).
type Conv2d struct {
	Out      int  `json:"out"`
	Kernel   Size `json:"kernel"`
	Stride   Size `json:"stride,omitzero"`   // default 1, 1
	Padding  Size `json:"padding,omitzero"`  // default 0, 0
	Dilation Size `json:"dilation,omitzero"` // default 1, 1
	Groups   int  `json:"groups,omitzero"`   // default 1
	NoBias   bool `json:"no_bias,omitzero"`
}

// Type returns "Conv2d".
func (Conv2d) Type() string { return "Conv2d" }

// Build wants an input of three dimensions, and at least one output.
func (c Conv2d) Build(in tensor.Shape) (*Plan, error) {
	if len(in) != 3 {
		return nil, fmt.Errorf("%w: the input is %v, not [channels, height, width]", tensor.ErrShape, in)
	}
	c.Stride, c.Dilation = c.Stride.or(Size{1, 1}), c.Dilation.or(Size{1, 1})
	c.Groups = max(c.Groups, 1)
	g := geometry{in: in, kernel: c.Kernel, stride: c.Stride, padding: c.Padding, dilation: c.Dilation}
	for _, err := range []error{
		c.Kernel.check("Kernel", 1), c.Stride.check("Stride", 1),
		c.Padding.check("Padding", 0), c.Dilation.check("Dilation", 1), g.check(),
	} {
		if err != nil {
			return nil, err
		}
	}
	if c.Out < 1 || c.Out%c.Groups != 0 || in[0]%c.Groups != 0 {
		return nil, fmt.Errorf("%w: %d input and %d output channels in %d groups", ErrOption, in[0], c.Out, c.Groups)
	}
	out := tensor.Shape{c.Out, g.outputs(0), g.outputs(1)}
	weight := tensor.Shape{c.Out, in[0] / c.Groups, c.Kernel[0], c.Kernel[1]}
	if out[1] < 1 || out[2] < 1 {
		return nil, fmt.Errorf("%w: a kernel of %v, dilated by %v, does not fit an input of %v",
			tensor.ErrShape, [2]int(c.Kernel), [2]int(c.Dilation), in)
	}
	if err := weight.Check(); err != nil {
		return nil, err
	}
	init := FanInUniform(weight[1:].Size())
	p := &Plan{
		Out:    out,
		Params: []Param{{Name: "weight", Shape: weight, Init: init}},
		Kinds:  anyToDense,
		Prepare: func(params map[string]*tensor.Tensor) (Op, error) {
			bias := make([]float32, c.Out)
			if !c.NoBias {
				copy(bias, params["bias"].Data)
			}
			return newConv2d(g, out, c.Groups, params["weight"].Data, bias), nil
		},
	}
	if !c.NoBias {
		p.Params = append(p.Params, Param{Name: "bias", Shape: tensor.Shape{c.Out}, Init: init})
	}
	return p, nil
}

// scatterLimit is the share of active inputs above which the dense product is
// faster than adding patches, measured by BenchmarkConv2dCrossover.
const scatterLimit = 0.5

type conv2d struct {
	geometry
	out    tensor.Shape
	lines  lines // of a group
	groups []*simd.Panels
	bias   [][]float32
	back   convBack
}

// newConv2d packs weights [out, in/groups, height, width].
func newConv2d(g geometry, out tensor.Shape, groups int, weight, bias []float32) *conv2d {
	op := &conv2d{geometry: g, out: out, lines: g.lines(g.in[0]/groups, 0)}
	each, depth := out[0]/groups, len(weight)/out[0]
	for i := range groups {
		op.groups = append(op.groups, simd.Pack(weight[i*each*depth:(i+1)*each*depth], each, depth))
		op.bias = append(op.bias, op.groups[i].Pad(bias[i*each:(i+1)*each]))
	}
	return op
}

func (c *conv2d) Forward(x, y tensor.Signal, _ []float32, scratch *Scratch) {
	steps, batch, _ := x.Dims()
	dst, row := y.(*tensor.Tensor).Data, c.out.Size()
	computed := steps
	if d, ok := x.(*tensor.Tensor); ok && steps > 1 && repeats(d, steps, batch) {
		computed = 1
	}
	if s, ok := sparseOf(x, scatterLimit, scratch); ok {
		c.events(s, computed*batch, dst, scratch)
	} else {
		c.dense(denseOf(x, scratch), computed*batch, dst, scratch)
	}
	for t := computed; t < steps; t++ {
		copy(dst[t*batch*row:(t+1)*batch*row], dst[:batch*row])
	}
}

// Operations counts one for each active input and weight that meets it.
func (c *conv2d) Operations(x tensor.Signal) int64 {
	n, group := int64(0), c.in.Size()/len(c.groups)
	eachActive(x, func(i int) {
		down, right := c.lines.at(int32(i % group))
		n += int64(down.n) * int64(right.n)
	})
	return n * int64(c.groups[0].Out)
}

// sums is room for the sums of one sample and group.
func (c *conv2d) sums(scratch *Scratch) []float32 {
	return scratch.Floats(c.out[1] * c.out[2] * c.groups[0].Stride())
}

// events adds a patch of the kernel for every event.
func (c *conv2d) events(s sparse, rows int, dst []float32, scratch *Scratch) {
	acc, positions := c.sums(scratch), c.out[1]*c.out[2]
	var room [256]simd.Patch
	group, steps := int32(c.in.Size()/len(c.groups)), c.steps()
	for r := range rows {
		index, value := s.row(r)
		for g, panels := range c.groups {
			panels.FillBias(acc, positions, c.bias[g])
			first, k := int32(g)*group, 0
			for k < len(index) && index[k] < first+group {
				n := 0
				for ; n < len(room) && k < len(index) && index[k] < first+group; k++ {
					v := float32(1)
					if value != nil {
						v = value[k]
					}
					if c.lines.patch(&room[n], index[k]-first, v) {
						n++
					}
				}
				panels.Scatter(acc, positions, room[:n], steps)
			}
			index = index[k:]
			if value != nil {
				value = value[k:]
			}
			out := panels.Out * positions
			panels.ChannelsFirst(dst[r*c.out.Size()+g*out:][:out], acc, positions)
		}
	}
}

// columnFloats is how many numbers of the unfolded input are made at once:
// they and the weights they meet stay in the second-level cache.
const columnFloats = 1 << 15

// dense unfolds the input, a row for each output position, and multiplies.
func (c *conv2d) dense(x []float32, rows int, dst []float32, scratch *Scratch) {
	acc, positions := c.sums(scratch), c.out[1]*c.out[2]
	depth := c.groups[0].In
	some := min(positions, max(1, columnFloats/depth))
	columns := scratch.Floats(some * depth)
	group := c.in.Size() / len(c.groups)
	for r := range rows {
		for g, panels := range c.groups {
			for q := 0; q < positions; q += some {
				n := min(some, positions-q)
				c.unfold(columns, x[r*c.in.Size()+g*group:][:group], q, n)
				panels.DenseAt(acc, positions, q, c.bias[g], columns, n)
			}
			out := panels.Out * positions
			panels.ChannelsFirst(dst[r*c.out.Size()+g*out:][:out], acc, positions)
		}
	}
}
