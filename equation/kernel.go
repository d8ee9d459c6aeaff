package equation

import "fmt"

// ArgKind is what an argument of a kernel holds.
type ArgKind uint8

// The kinds of argument.
const (
	ArgOutput   ArgKind = iota // numbers, written
	ArgBitsOut                 // one bit an element, written
	ArgMaskOut                 // truth values as numbers, written: all bits set, or none
	ArgState                   // a number an element, read and written, that stays from step to step
	ArgSum                     // a number an element, added to at every step
	ArgInput                   // numbers, read
	ArgBitsIn                  // one bit an element, read
	ArgMaskIn                  // truth values as numbers, read
	ArgTrace                   // the states before each step: written forward, read backward
	ArgDistance                // how far what is tested is from its level, written
	ArgParam                   // a number; a number an element in a kernel with state
	argKinds
)

// Streamed reports whether a kernel over time moves along the argument from
// step to step.
func (k ArgKind) Streamed() bool { return k != ArgState && k != ArgSum && k != ArgParam }

// Bits reports whether the argument holds packed bits.
func (k ArgKind) Bits() bool { return k == ArgBitsOut || k == ArgBitsIn }

// Optional reports whether the argument is not always asked for: traces and
// distances are what a backward pass needs, sums the gradients of parameters
// that are trained.
func (k ArgKind) Optional() bool { return k == ArgSum || k == ArgTrace || k == ArgDistance }

// Written reports whether the argument is written and never read.
func (k ArgKind) Written() bool { return k <= ArgMaskOut || k == ArgDistance }

// Arg is an argument of a kernel.
type Arg struct {
	Name string
	Kind ArgKind
}

// Kernel describes what happens to each element: of arrays of one length, or,
// once it has state, of neurons over time.
type Kernel struct {
	Name string // in lower camel case; the exported function has it capitalised
	Doc  string // what follows the name in its doc comment
	Note string // printed after the formula

	// Back says that the kernel is a backward pass, and goes from the last step
	// to the first.
	Back bool

	// Watched are the states to whose values after the last step a loss may give
	// a gradient; nil stands for v, if there is one.
	Watched []string

	args    []Arg
	leaves  map[string]*node
	effects []effect
}

type effect struct {
	arg   Arg
	value *node
}

// New starts a description.
func New(name, doc string) *Kernel {
	return &Kernel{Name: name, Doc: doc, leaves: map[string]*node{}}
}

func (k *Kernel) leaf(name string, kind ArgKind, op Op) *node {
	if n, ok := k.leaves[name]; ok {
		if n.op != op {
			panic(fmt.Sprintf("%s: %s is two kinds of argument", k.Name, name))
		}
		return n
	}
	n := &node{op: op, name: name}
	k.leaves[name] = n
	k.args = append(k.args, Arg{name, kind})
	return n
}

// Input is an element of the array name.
func (k *Kernel) Input(name string) Float { return Float{k.leaf(name, ArgInput, OpInput)} }

// MaskInput is an element of an array of truth values.
func (k *Kernel) MaskInput(name string) Mask { return Mask{k.leaf(name, ArgMaskIn, OpMask)} }

// Trace is the value of a state before the step, in a backward pass.
func (k *Kernel) Trace(state string) Float {
	return Float{k.leaf(TraceOf(state), ArgTrace, OpInput)}
}

// BitInput is a bit of the packed array name.
func (k *Kernel) BitInput(name string) Mask { return Mask{k.leaf(name, ArgBitsIn, OpBit)} }

// Param is a parameter: a number, or a number a neuron where there is state.
func (k *Kernel) Param(name string) Float { return Float{k.leaf(name, ArgParam, OpParam)} }

// State is what the last step left in name, or the caller before the first.
func (k *Kernel) State(name string) Float { return Float{k.leaf(name, ArgState, OpState)} }

// Output stores v in the array name.
func (k *Kernel) Output(name string, v Float) { k.write(Arg{name, ArgOutput}, v.n) }

// Spikes stores m, packed, in the array name.
func (k *Kernel) Spikes(name string, m Mask) { k.write(Arg{name, ArgBitsOut}, m.n) }

// StoreMask stores m in the array name, as numbers.
func (k *Kernel) StoreMask(name string, m Mask) { k.write(Arg{name, ArgMaskOut}, m.n) }

func (k *Kernel) write(a Arg, v *node) {
	k.args = append(k.args, a)
	k.effects = append(k.effects, effect{a, v})
}

// Sum adds v to the array name, of which there is one number a neuron.
func (k *Kernel) Sum(name string, v Float) {
	sum := k.leaf(name, ArgSum, OpSum)
	k.effects = append(k.effects, effect{Arg{name, ArgSum}, Add(Float{sum}, v).n})
}

// SetState leaves v in the state name for the next step.
func (k *Kernel) SetState(name string, v Float) {
	if n, ok := k.leaves[name]; !ok || n.op != OpState {
		panic(fmt.Sprintf("%s: %s is not a state", k.Name, name))
	}
	k.effects = append(k.effects, effect{Arg{name, ArgState}, v.n})
}

// Outputs are the names of what the kernel sends, in their order.
func (k *Kernel) Outputs() []string {
	var names []string
	for _, e := range k.effects {
		if e.arg.Kind == ArgOutput || e.arg.Kind == ArgBitsOut {
			names = append(names, e.arg.Name)
		}
	}
	return names
}

// watched are the states to whose values after the last step a loss may give a
// gradient: those of Watched, or the membrane v.
func (k *Kernel) watched() []string {
	if _, ok := k.leaves["v"]; ok && k.Watched == nil {
		return []string{"v"}
	}
	return k.Watched
}

// Args are the arguments in the order of the signature: by kind, and within a
// kind as the description named them.
func (k *Kernel) Args() []Arg {
	var args []Arg
	for kind := range argKinds {
		for _, a := range k.args {
			if a.Kind == kind {
				args = append(args, a)
			}
		}
	}
	return args
}

// OverTime reports whether the kernel goes through the steps of a sequence:
// whether it carries state, or is a backward pass.
func (k *Kernel) OverTime() bool {
	if k.Back {
		return true
	}
	for _, a := range k.args {
		if a.Kind == ArgState {
			return true
		}
	}
	return false
}
