package simd

import "unsafe"

// frame is the one argument of an assembly kernel. Generated code checks that
// its fields are where the assembly finds them.
type frame struct {
	state, params, sums unsafe.Pointer // panels of the first group
	streams             [maxStreams]unsafe.Pointer
	skips               [maxStreams]int // bytes from the end of a step's row to the next step's
	steps, groups       int
	optional            int // whether optional effects are asked for
	numbers             [maxNumbers]float32
}

const (
	maxStreams = 8
	maxNumbers = 12
)

// pieces cuts a call into pieces, each short enough for the scheduler, which
// cannot interrupt assembly, and with panels that stay in a first-level cache.
type pieces struct {
	frame
	c             *Call
	k             *Kernel
	groups, steps int // of a piece
	group, step   int // where the next piece begins, of steps in the order of time
}

// panelBytes is how much of the panels a piece may take: what is left of a
// first-level cache belongs to the streams.
const panelBytes = 12 << 10

// begin prepares the pieces of a call.
func (p *pieces) begin(c *Call, k *Kernel) {
	p.c, p.k = c, k
	group, all := 4*Lanes*max(1, k.States+k.Params+k.Sums), Groups(c.N)
	if all*group <= panelBytes && all*Lanes*c.Steps <= k.Elements { // one piece, as in a stream: no time for divisions
		p.groups, p.steps = all, c.Steps
	} else {
		p.groups = min(max(4, panelBytes/group), max(1, k.Elements/Lanes))
		p.steps = max(1, k.Elements/(min(p.groups, all)*Lanes))
	}
	if c.Optional {
		p.optional = 1
	}
}

// next fills the frame of the next piece, if there is one.
func (p *pieces) next() bool {
	c, k := p.c, p.k
	if p.group >= Groups(c.N) {
		return false
	}
	groups, steps := min(p.groups, Groups(c.N)-p.group), min(p.steps, c.Steps-p.step)
	p.frame.groups, p.frame.steps = groups, steps
	p.state = pointer(c.State, p.group*k.States*Lanes)
	p.params = pointer(c.Params, p.group*k.Params*Lanes)
	if p.optional != 0 {
		p.sums = pointer(c.Sums, p.group*k.Sums*Lanes)
	}
	first := p.step
	if k.Back {
		first = c.Steps - 1 - p.step
	}
	for i, kind := range k.Streams {
		s := &c.Streams[i]
		size, row := 4, kind.Arrays*Lanes
		if kind.Role == RoleSpikes {
			size, row = 8, 0
			p.streams[i] = unsafe.Add(unsafe.Pointer(&s.Bits[first*s.Stride]), p.group*Lanes/8)
			p.skips[i] = -groups * Lanes / 8
		} else if kind.optional(k.Back) && !c.Optional {
			continue
		} else {
			p.streams[i] = pointer(s.Floats, first*s.Stride+p.group*row)
			p.skips[i] = -4 * groups * row
		}
		if k.Back {
			p.skips[i] -= size * s.Stride
		} else {
			p.skips[i] += size * s.Stride
		}
	}
	if p.step += steps; p.step == c.Steps {
		p.step, p.group = 0, p.group+groups
	}
	return true
}

// pointer is where number i is, or nil where there are none.
func pointer(v []float32, i int) unsafe.Pointer {
	if len(v) == 0 {
		return nil
	}
	return unsafe.Pointer(&v[i])
}
