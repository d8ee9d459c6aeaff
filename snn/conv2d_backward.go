package snn

import (
	"sync"

	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/tensor"
)

// convBack is the convolution that the gradient goes back through: of the
// gradient of the outputs, spread as far apart as the stride took them, with
// the kernels turned round.
type convBack struct {
	once  sync.Once
	op    *conv2d
	first Size // where in the spread grid the first output lies; may be outside
}

func (c *conv2d) SavedSizes() []int          { return nil }
func (c *conv2d) StateGradSize() int         { return 0 }
func (c *conv2d) AccumulatesPerSample() bool { return false }
func (c *conv2d) ForwardSaving(p *Pass)      { c.Forward(p.X, p.Y, p.State, p.Scratch) }

// The parameter gradients are, of each group, [depth][out], padded like the panels, and those of
// the bias.
func (c *conv2d) ParamGradSize() int { return len(c.groups) * c.groupSums() }

func (c *conv2d) groupSums() int { return (c.groups[0].In + 1) * c.groups[0].Stride() }

// turn builds the convolution back. Its sums run over output channel, row and
// column, ascending.
func (c *conv2d) turn() {
	b := &c.back
	grid := geometry{in: tensor.Shape{c.out[0], 0, 0}, kernel: c.kernel, stride: Size{1, 1}, dilation: c.dilation}
	for axis := range 2 {
		reach := c.dilation[axis] * (c.kernel[axis] - 1)
		grid.padding[axis] = max(0, reach-c.padding[axis])
		b.first[axis] = reach - c.padding[axis] - grid.padding[axis]
		grid.in[1+axis] = c.in[1+axis] + reach - 2*grid.padding[axis]
	}
	groups, area := len(c.groups), c.kernel[0]*c.kernel[1]
	outs, ins := c.out[0]/groups, c.in[0]/groups
	weight := make([]float32, 0, c.in[0]*outs*area)
	for _, panels := range c.groups {
		for i := range ins {
			for o := range outs {
				for k := area - 1; k >= 0; k-- {
					weight = append(weight, panels.At(i*area+k, o))
				}
			}
		}
	}
	b.op = newConv2d(grid, c.in, groups, weight, make([]float32, c.in[0]))
}

// Backward is the convolution back.
func (c *conv2d) Backward(p *Pass) {
	if p.GradX == nil {
		return
	}
	c.back.once.Do(c.turn)
	steps, batch, _ := p.X.Dims()
	grid := c.back.op.in
	g := &tensor.Tensor{Shape: tensor.Shape{steps, batch, grid[0], grid[1], grid[2]}, Data: p.GradY}
	if !grid.Equal(c.out) || c.stride != (Size{1, 1}) || c.back.first != (Size{}) {
		g.Data = c.spread(p.GradY, steps*batch, p.Scratch)
	}
	gx := &tensor.Tensor{Shape: append(tensor.Shape{steps, batch}, c.in...), Data: p.GradX}
	c.back.op.Forward(g, gx, nil, p.Scratch)
}

// spread puts the gradient of the outputs onto the grid.
func (c *conv2d) spread(gy []float32, rows int, scratch *Scratch) []float32 {
	grid, first := c.back.op.in, c.back.first
	height, width := grid[1], grid[2]
	spread := scratch.Floats(rows * grid.Size())
	clear(spread)
	for q := range rows * c.out[0] {
		plane, from := spread[q*height*width:], gy[q*c.out[1]*c.out[2]:]
		for i := range c.out[1] {
			y := first[0] + i*c.stride[0]
			if uint(y) >= uint(height) {
				continue
			}
			for j := range c.out[2] {
				if x := first[1] + j*c.stride[1]; uint(x) < uint(width) {
					plane[y*width+x] = from[i*c.out[2]+j]
				}
			}
		}
	}
	return spread
}

// gradientFloats is how many numbers of the gradient of the outputs are packed
// at once.
const gradientFloats = 1 << 20

// Add adds, for each element of the kernel, the gradients of the outputs at
// which it met an active input: samples ascending, steps descending, positions
// ascending.
func (c *conv2d) AccumulateParamGrad(p *Pass) {
	steps, batch, _ := p.X.Dims()
	order := descending(steps, batch, p.Scratch)
	s, _ := sparseOf(p.X, 1, p.Scratch)
	positions, outs := c.out[1]*c.out[2], c.groups[0].Out
	some := max(1, gradientFloats/(positions*outs))
	scratch := p.Scratch.part()
	for ; len(order) > 0; order = order[min(some, len(order)):] {
		rows := order[:min(some, len(order))]
		for i := range c.groups {
			scratch.Reset()
			g := scratch.panels(len(rows)*positions, outs)
			for k, r := range rows {
				from := p.GradY[(int(r)*c.out[0]+i*outs)*positions:]
				for q := range positions {
					g.SetRow(k*positions+q, from[q:], positions)
				}
			}
			sums := p.ParamGrad[i*c.groupSums() : (i+1)*c.groupSums()]
			met := c.meetings(s, rows, i, scratch)
			g.Gather(sums, g.Stride(), sums, g.Stride(), met.rows, met.index, met.value, 0)
			addAll(sums[c.groups[i].In*g.Stride():], g, scratch)
		}
	}
}

// meetings lists, for each element of the kernel of a group, the outputs at
// which it meets an active input.
func (c *conv2d) meetings(s sparse, order []int32, group int, scratch *Scratch) sparse {
	depth, steps := c.groups[group].In, c.steps()
	patches := c.patches(s, order, group, scratch)
	met := sparse{rows: scratch.Rows(depth + 1)}
	clear(met.rows)
	total := 0
	for _, p := range patches {
		for r := range int(p.Rows) {
			k := int(p.Weight) + r*steps.WeightRow + 1
			for range p.Cols {
				met.rows[k]++
				k += steps.WeightCol
			}
		}
		total += int(p.Rows) * int(p.Cols)
	}
	for k := range depth {
		met.rows[k+1] += met.rows[k]
	}
	met.index = scratch.Index(total)
	if s.value != nil {
		met.value = scratch.Floats(total)
	}
	next := scratch.Rows(depth)
	copy(next, met.rows)
	for _, p := range patches {
		for r := range int(p.Rows) {
			k, q := int(p.Weight)+r*steps.WeightRow, int(p.Out)+r*steps.OutRow
			for range p.Cols {
				at := next[k]
				next[k]++
				met.index[at] = int32(q)
				if met.value != nil {
					met.value[at] = p.Value
				}
				k, q = k+steps.WeightCol, q+steps.OutCol
			}
		}
	}
	return met
}

// patches are those of the active inputs of a group, over the rows in their
// order, whose outputs are counted through.
func (c *conv2d) patches(s sparse, order []int32, group int, scratch *Scratch) []simd.Patch {
	pixels, positions := c.in[1]*c.in[2], c.out[1]*c.out[2]
	channels := c.in[0] / len(c.groups)
	low, high := group*channels*pixels, (group+1)*channels*pixels
	list := scratch.patches[:0]
	for n, r := range order {
		index, value := s.row(int(r))
		for j, i := range index {
			if int(i) < low || int(i) >= high {
				continue
			}
			v := float32(1)
			if value != nil {
				v = value[j]
			}
			list = append(list, simd.Patch{})
			if p := &list[len(list)-1]; c.lines.patch(p, i-int32(low), v) {
				p.Out += int32(n * positions)
			} else {
				list = list[:len(list)-1]
			}
		}
	}
	scratch.patches = list
	return list
}

// Gradients are in the layout of the parameters.
func (c *conv2d) ParamGrads(sums []float32) map[string]*tensor.Tensor {
	depth, outs, stride := c.groups[0].In, c.groups[0].Out, c.groups[0].Stride()
	weight, bias := tensor.New(c.out[0], depth/(c.kernel[0]*c.kernel[1]), c.kernel[0], c.kernel[1]), tensor.New(c.out[0])
	for i := range c.groups {
		own := sums[i*c.groupSums():]
		for k := range depth {
			for o, v := range own[k*stride:][:outs] {
				weight.Data[(i*outs+o)*depth+k] = v
			}
		}
		copy(bias.Data[i*outs:(i+1)*outs], own[depth*stride:])
	}
	return map[string]*tensor.Tensor{"weight": weight, "bias": bias}
}
