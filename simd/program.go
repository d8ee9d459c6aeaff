package simd

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"unsafe"
)

// Op is one of the operations that a [Program] is made of.
type Op uint16

// Instruction is an operation on arrays of a block of neurons: dst = f(a, b, c, d).
// Arrays are counted: those of the panels of states, parameters and sums, then
// constants, temporaries, and the arrays of the streams.
type Instruction struct {
	Op              Op
	Dst, A, B, C, D uint16
}

// Program is a kernel over time that runs without a compiler: for every block
// of neurons and every step, each instruction over the whole block, whose arrays
// stay in a first-level cache. Every operation rounds once, so the bits are those
// of a compiled kernel of the same equations. It is immutable.
type Program struct {
	kernel       Kernel
	constants    []float32 // [constant][lanes]
	temps        int
	whole, short []Instruction
}

// ErrProgram is wrapped by errors about programs that cannot run.
var ErrProgram = errors.New("bad program")

// Code is what a program is made of: Short is what it does where optional effects
// are not asked for.
type Code struct {
	Constants    []float32
	Temps        int
	Whole, Short []Instruction
}

// NewProgram checks every operand.
func NewProgram(k Kernel, code Code) (*Program, error) {
	if k.Lanes < Lanes || k.Lanes%Lanes != 0 {
		return nil, fmt.Errorf("simd: %w: blocks of %d lanes", ErrProgram, k.Lanes)
	}
	p := &Program{kernel: k, temps: code.Temps, whole: code.Whole, short: code.Short}
	arrays := p.streams(len(code.Constants))
	bits := map[int]bool{}
	for _, s := range k.Streams {
		if s.Role == RoleSpikes {
			bits[arrays] = true
			arrays++
		} else {
			arrays += s.Arrays
		}
	}
	for i, in := range slices.Concat(code.Whole, code.Short) {
		for _, a := range []uint16{in.Dst, in.A, in.B, in.C, in.D} {
			if int(a) >= arrays {
				return nil, fmt.Errorf("simd: %w: instruction %d: there is no array %d", ErrProgram, i, a)
			}
		}
		if in.Op >= operationCount || bits[int(in.Dst)] != (in.Op == OpPack) || bits[int(in.C)] != in.Op.packs() || bits[int(in.A)] || bits[int(in.B)] || bits[int(in.D)] {
			return nil, fmt.Errorf("simd: %w: instruction %d: operation %d of %d, %d, %d, %d and %d", ErrProgram, i, in.Op, in.Dst, in.A, in.B, in.C, in.D)
		}
	}
	for _, v := range code.Constants {
		for range k.Lanes {
			p.constants = append(p.constants, v)
		}
	}
	return p, nil
}

// packs reports whether an operation stores bits in its operand c.
func (op Op) packs() bool { return op == OpGePack || op == OpGtPack }

// streams is the number of the first array of a stream.
func (p *Program) streams(constants int) int {
	return p.kernel.States + p.kernel.Params + p.kernel.Sums + constants + p.temps
}

// Kernel is what a call of the program needs.
func (p *Program) Kernel() *Kernel { return &p.kernel }

// Workspace is memory of programs, used again from call to call.
type Workspace struct {
	temps []float32
	// arrays are where the arrays of a block begin, at the first step; table is the
	// same as numbers, which the assembly moves on.
	arrays []unsafe.Pointer
	table  []uintptr
	moves  []int // bytes from step to step, of the arrays of streams
}

// Run runs the program over the steps of the call.
func (p *Program) Run(c *Call) {
	k := &p.kernel
	if k.Lanes&63 != 0 && c.N > k.Lanes {
		panic(errBlocks)
	}
	if !c.check(k) {
		return
	}
	w := c.Workspace
	if w == nil {
		w = &Workspace{}
	}
	if n := p.temps * k.Lanes; len(w.temps) < n {
		w.temps = make([]float32, n)
	}
	code := p.short
	if c.Optional {
		code = p.whole
	}
	for group := 0; group < c.N; group += k.Lanes {
		lanes := min(k.Lanes, Padded(c.N-group))
		p.lay(w, c, group, lanes)
		if useSIMD {
			w.assembly(code, c.Steps, lanes)
		} else {
			w.generic(code, c.Steps, lanes)
		}
	}
	c.settle(k)
	clear(w.arrays)
}

// lay finds the arrays of a block.
func (p *Program) lay(w *Workspace, c *Call, group, lanes int) {
	k := &p.kernel
	w.arrays, w.moves = w.arrays[:0], w.moves[:0]
	w.add(c.State, group*k.States, lanes, lanes, k.States)
	w.add(c.Params, group*k.Params, lanes, lanes, k.Params)
	if c.Optional {
		w.add(c.Sums, group*k.Sums, lanes, lanes, k.Sums)
	} else {
		w.none(k.Sums)
	}
	w.add(p.constants, 0, k.Lanes, lanes, len(p.constants)/k.Lanes)
	w.add(w.temps, 0, k.Lanes, lanes, p.temps)
	first := 0
	if k.Back {
		first = c.Steps - 1
	}
	for i, s := range k.Streams {
		of, size := &c.Streams[i], 4
		switch {
		case s.Role == RoleSpikes:
			size = 8
			w.arrays = append(w.arrays, unsafe.Pointer(&of.Bits[first*of.Stride+group>>6]))
		case s.optional(k.Back) && !c.Optional:
			w.none(s.Arrays)
			size = 0
		default:
			w.add(of.Floats, first*of.Stride+group*s.Arrays, lanes, lanes, s.Arrays)
		}
		if k.Back {
			size = -size
		}
		for range s.Arrays {
			w.moves = append(w.moves, size*of.Stride)
		}
	}
}

// add adds some arrays of a panel.
func (w *Workspace) add(v []float32, at, stride, lanes, n int) {
	for i := range n {
		w.arrays = append(w.arrays, unsafe.Pointer(&v[at+i*stride : at+i*stride+lanes][0]))
	}
}

// none adds arrays that no instruction names.
func (w *Workspace) none(n int) {
	for range n {
		w.arrays = append(w.arrays, nil)
	}
}

// callLanes is how many instructions times lanes one call of the assembly does
// at the most, or one step: the scheduler cannot interrupt it.
const callLanes = 1 << 17

// assembly does the steps of a block, some to a call.
func (w *Workspace) assembly(code []Instruction, steps, lanes int) {
	if len(code) == 0 {
		return
	}
	still := len(w.arrays) - len(w.moves)
	w.table = w.table[:0]
	for _, a := range w.arrays {
		w.table = append(w.table, uintptr(a))
	}
	some := max(1, callLanes/(lanes*len(code)))
	for done := 0; done < steps; done += some {
		c := frame{steps: min(some, steps-done), groups: lanes / Lanes}
		c.skips[0], c.skips[1], c.skips[2] = len(code), len(w.moves), still
		c.streams[0], c.streams[1], c.streams[2] = unsafe.Pointer(&code[0]), unsafe.Pointer(&w.table[0]), unsafe.Pointer(&w.moves[0])
		if done > 0 {
			interruptible()
		}
		operationsSIMD(&c)
	}
	runtime.KeepAlive(w.arrays)
}

// generic does them in pure Go.
func (w *Workspace) generic(code []Instruction, steps, lanes int) {
	still := len(w.arrays) - len(w.moves)
	for t := range steps {
		at := func(i uint16) unsafe.Pointer {
			if m := int(i) - still; m >= 0 {
				return unsafe.Add(w.arrays[i], t*w.moves[m])
			}
			return w.arrays[i]
		}
		floats := func(i uint16) []float32 { return unsafe.Slice((*float32)(at(i)), lanes) }
		bits := func(i uint16) []uint64 { return unsafe.Slice((*uint64)(at(i)), words(lanes)) }
		for _, in := range code {
			a, b, d := floats(in.A), floats(in.B), floats(in.D)
			switch {
			case in.Op == OpPack:
				operationGeneric(in.Op, a, a, b, a, d, bits(in.Dst))
			case in.Op.packs():
				operationGeneric(in.Op, floats(in.Dst), a, b, a, d, bits(in.C))
			default:
				operationGeneric(in.Op, floats(in.Dst), a, b, floats(in.C), d, nil)
			}
		}
	}
}
