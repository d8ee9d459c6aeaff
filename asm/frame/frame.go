// Package frame says where a kernel finds its operands: every kernel has one
// argument, a pointer to a call frame, which is the struct frame of package
// simd.
//
// Numbers that belong to neurons lie in panels [group][array][Lanes]: one of the
// states, one of the parameters, and one of the sums over time. What moves from
// step to step is a stream; the traces of all states are one, a panel a step.
// So an operand is a fixed distance from one of a few registers.
package frame

import (
	"fmt"
	"slices"

	"github.com/spikelane/spikelane/equation"
)

// Lanes is how many neurons are a group: what the loops of a kernel over time go
// by. It is a whole number of vectors on every target.
const Lanes = 16

// Pointer is a field of the frame that holds an address.
type Pointer int

// The fields, in their order. Streams follow each other.
const (
	State Pointer = iota
	Params
	Sums
	Streams
)

// MaxStreams and MaxNumbers are how many streams and numbers a frame has.
const (
	MaxStreams = 8
	MaxNumbers = 12
)

// Operands are those of an instruction of a program, in their order, behind the
// operation; each is a 16-bit number. InstructionSize is how many bytes it takes.
var Operands = []string{"dst", "a", "b", "c", "d"}

const InstructionSize = 12

// The streams of a program's frame: its code, the table of addresses, and how
// far those of the table from Moving on move from step to step.
const (
	Code Pointer = Streams + iota
	Table
	Moves
)

// Where the frame of a program holds the number of instructions, and how many
// addresses move, and the first of them.
var (
	Instructions = Streams.SkipOffset()
	Moving       = Instructions + 8
	FirstMoving  = Instructions + 16
)

// Offset is where the field is in the frame, in bytes.
func (p Pointer) Offset() int { return 8 * int(p) }

// SkipOffset is where the frame holds how many bytes lie between the end of a
// step's row of a stream and the beginning of the next step's.
func (p Pointer) SkipOffset() int { return 8 * (MaxStreams + int(p)) }

// Where the frame holds how many steps and groups there are, whether the
// optional effects are asked for, and the numbers of a kernel without state.
const (
	Steps    = 8 * (int(Streams) + 2*MaxStreams)
	Groups   = Steps + 8
	Optional = Groups + 8
	Numbers  = Optional + 8
)

// Layout is where the arguments of a kernel are.
type Layout struct {
	Pointers []Pointer        // those in use, in their order
	Args     [][]equation.Arg // what each of them leads to: of panels, the arrays
	places   map[string]Place
}

// Place is an array of the panel, or the whole stream, behind a pointer; of a
// kernel without state, a parameter is the number Array.
type Place struct {
	Pointer Pointer
	Array   int
}

// Of lays out the arguments of a kernel.
func Of(k *equation.Kernel) Layout {
	l := Layout{places: map[string]Place{}}
	groups := map[Pointer][]equation.Arg{}
	next, trace := Streams, Pointer(-1)
	numbers := 0
	for _, a := range k.Args() {
		p := next
		switch {
		case a.Kind == equation.ArgParam && !k.OverTime():
			l.places[a.Name] = Place{-1, numbers}
			numbers++
			continue
		case a.Kind == equation.ArgParam:
			p = Params
		case a.Kind == equation.ArgState:
			p = State
		case a.Kind == equation.ArgSum:
			p = Sums
		case a.Kind == equation.ArgTrace && trace >= 0:
			p = trace
		default:
			next++
			if a.Kind == equation.ArgTrace {
				trace = p
			}
		}
		l.places[a.Name] = Place{p, len(groups[p])}
		groups[p] = append(groups[p], a)
	}
	if next-Streams > MaxStreams || numbers > MaxNumbers {
		panic(fmt.Sprintf("frame: %s has %d streams and %d numbers", k.Name, next-Streams, numbers))
	}
	for p := range next {
		if len(groups[p]) > 0 {
			l.Pointers, l.Args = append(l.Pointers, p), append(l.Args, groups[p])
		}
	}
	return l
}

// Place is where an argument is.
func (l Layout) Place(name string) Place {
	p, ok := l.places[name]
	if !ok {
		panic("frame: no argument " + name)
	}
	return p
}

// Arrays is how many arrays a pointer leads to.
func (l Layout) Arrays(p Pointer) int {
	if i := slices.Index(l.Pointers, p); i >= 0 {
		return len(l.Args[i])
	}
	return 0
}

// Index is where a pointer is in the layout.
func (l Layout) Index(p Pointer) int { return slices.Index(l.Pointers, p) }

// OfStream reports whether a pointer moves from step to step.
func (p Pointer) OfStream() bool { return p >= Streams }

// Bytes is how many bytes some lanes take behind pointer i of the layout.
func (l Layout) Bytes(i, lanes int) int {
	if l.Args[i][0].Kind.Bits() {
		return lanes / 8
	}
	return 4 * lanes * len(l.Args[i])
}

// Optional reports whether pointer i of the layout is for optional effects
// alone. A backward pass reads traces.
func (l Layout) Optional(k *equation.Kernel, i int) bool {
	kind := l.Args[i][0].Kind
	return kind.Optional() && !(k.Back && kind == equation.ArgTrace)
}
