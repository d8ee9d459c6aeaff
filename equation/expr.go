package equation

// Op is an operation. The leaves come first.
type Op uint8

// The operations. Booleans live in masks, one a lane.
const (
	OpConst Op = iota // a number
	OpParam           // a parameter: one number, or one a neuron in a kernel with state
	OpInput           // an element of an input
	OpBit             // a mask: a bit of a packed input
	OpMask            // a mask: an element of an array of truth values
	OpSum             // what has been added up so far
	OpState           // what the last step left

	OpAdd   // a + b
	OpSub   // a - b
	OpMul   // a * b
	OpDiv   // a / b
	OpAbs   // |a|
	OpSqrt  // the square root of a
	OpFloor // the greatest whole number that is not above a
	OpShl23 // the bits of a float shifted left by 23: makes an exponent of an integer

	OpGE  // masks
	OpGT  // a > b
	OpEQ  // a == b
	OpAnd // both masks
	OpOr  // either mask
	OpNot // where the mask does not hold

	OpSelect // mask ? a : b

	OpExp    // e to the x: one operation here, a polynomial in [Kernel.Expanded]
	OpLog    // the natural logarithm, likewise
	OpDetach // x, whose gradient stops here; not in [Kernel.Expanded]
)

// node is a value in a description.
type node struct {
	op    Op
	args  []*node
	name  string  // of a leaf
	value float32 // of a constant
	label string  // what the generated Go calls it
	marks marks
}

// marks say what the gradient does at a node, where that does not follow from
// its operation.
type marks struct {
	// value and level: the node is 1, or a number of steps, as far as value has
	// risen above level, and a surrogate is its slope.
	value, level *node
	// fired: the mask repeats the spikes of the step before.
	fired bool
	// reset: the node is a value where a spike reset it.
	reset bool
	// jump: what a spike adds, whose gradient no detached reset stops.
	jump bool
}

// Float is a float32 in each lane.
type Float struct{ n *node }

// Mask is a truth value in each lane.
type Mask struct{ n *node }

// As names the value in the generated Go.
func (f Float) As(label string) Float { f.n.label = label; return f }

// As names the mask in the generated Go.
func (m Mask) As(label string) Mask { m.n.label = label; return m }

func float(op Op, args ...*node) Float { return Float{&node{op: op, args: args}} }
func mask(op Op, args ...*node) Mask   { return Mask{&node{op: op, args: args}} }

// Const is the float32 nearest to v.
func Const(v float64) Float { return Float{&node{op: OpConst, value: float32(v)}} }

// Add is a + b.
func Add(a, b Float) Float { return float(OpAdd, a.n, b.n) }

// Sub is a - b.
func Sub(a, b Float) Float { return float(OpSub, a.n, b.n) }

// Mul is a * b.
func Mul(a, b Float) Float { return float(OpMul, a.n, b.n) }

// Div is a / b.
func Div(a, b Float) Float { return float(OpDiv, a.n, b.n) }

// Abs clears the sign bit of a.
func Abs(a Float) Float { return float(OpAbs, a.n) }

// Sqrt is the square root of a.
func Sqrt(a Float) Float { return float(OpSqrt, a.n) }

// Floor is the greatest integer not above a.
func Floor(a Float) Float { return float(OpFloor, a.n) }

// Shl23 is the bits of a shifted left by 23, as a float. Of 1.5*2^23 + 127 + n
// it makes 2^n, for n from -126 to 127.
func Shl23(a Float) Float { return float(OpShl23, a.n) }

// GE is a >= b.
func GE(a, b Float) Mask { return mask(OpGE, a.n, b.n) }

// GT is a > b.
func GT(a, b Float) Mask { return mask(OpGT, a.n, b.n) }

// EQ is a == b.
func EQ(a, b Float) Mask { return mask(OpEQ, a.n, b.n) }

// Fires is v >= level, the test of a spike: its gradient is that of the
// surrogate.
func Fires(v, level Float) Mask { return spikes(OpGE, v, level) }

// FiresAbove is v > level, the test of a spike that wants more than its
// threshold.
func FiresAbove(v, level Float) Mask { return spikes(OpGT, v, level) }

func spikes(op Op, v, level Float) Mask {
	m := mask(op, v.n, level.n)
	m.n.marks = marks{value: v.n, level: level.n}
	return m
}

// Fired is v >= level of a membrane that the last step left: the spikes of that
// step, to which its gradient goes.
func Fired(v, level Float) Mask { return fired(GE(v, level)) }

// Reset is value where a spike m resets v, and v elsewhere. A gradient may go
// straight through it, as if there were no reset: as of v - stop(s*(v-value)).
func Reset(m Mask, value, v Float) Float {
	f := Select(m, value, v)
	f.n.marks.reset = true
	return f
}

// Jump is amount where a spike m adds it. A detached reset does not detach it.
func Jump(m Mask, amount Float) Float {
	f := Select(m, amount, Const(0))
	f.n.marks.jump = true
	return f
}

// Remembered is whether a state that holds the spikes of a step as 1 and 0
// holds a spike.
func Remembered(s Float) Mask { return fired(GT(s, Const(0))) }

func fired(m Mask) Mask { m.n.marks.fired = true; return m }

// Staircase says that f counts how often v reaches level: its gradient by v is
// that of the surrogate, and by level that of v/level.
func (f Float) Staircase(v, level Float) Float {
	f.n.marks = marks{value: v.n, level: level.n}
	return f
}

// Exp is e to the power of a, at most 2 ULP off. Overflow gives +Inf, results
// below 2^-126 are subnormal.
func Exp(a Float) Float { return float(OpExp, a.n) }

// Log is the natural logarithm of a, at most 2 ULP off: -Inf of zeros, NaN of
// negative numbers.
func Log(a Float) Float { return float(OpLog, a.n) }

// Detach is a, through which no gradient passes.
func Detach(a Float) Float { return float(OpDetach, a.n) }

// DetachMask is a spike, or another mask, through which no gradient passes.
func DetachMask(m Mask) Mask { return mask(OpDetach, m.n) }

// And is a && b.
func And(a, b Mask) Mask { return mask(OpAnd, a.n, b.n) }

// Or is a || b.
func Or(a, b Mask) Mask { return mask(OpOr, a.n, b.n) }

// Not is !a.
func Not(a Mask) Mask { return mask(OpNot, a.n) }

// Select is a where m holds, b elsewhere.
func Select(m Mask, a, b Float) Float { return float(OpSelect, m.n, a.n, b.n) }

// Max is a where a > b, b elsewhere: b when either is NaN.
func Max(a, b Float) Float { return Select(GT(a, b), a, b) }

// Min is a where b > a, b elsewhere: b when either is NaN.
func Min(a, b Float) Float { return Select(GT(b, a), a, b) }
