package simd

// Neuron is one of the neurons whose kernels are compiled: a forward pass, which
// can leave what the backward pass needs, and that.
type Neuron uint8

// Lanes is how many neurons the compiled kernels take at once, a group. Rows of
// numbers that they read and write are whole groups long.
const Lanes = 16

// Groups is how many groups n neurons are.
func Groups(n int) int { return (n + Lanes - 1) / Lanes }

// Padded is n rounded up to whole groups: how long a row of n numbers must be
// for a kernel over time.
func Padded(n int) int { return Groups(n) * Lanes }

// Role is what a stream of a [Call] holds.
type Role uint8

// The roles.
const (
	RoleInput          Role = iota // read
	RoleOutput                     // numbers, written
	RoleSpikes                     // one bit a neuron, written
	RoleTrace                      // the states before each step: written forward, if asked for, and read backward
	RoleDistance                   // how far what is tested is above the level of a spike: written, if asked for
	RoleOutputGradient             // read
	RoleSurrogateGrad              // the derivative of the surrogate at the distance, read
	RoleInputGradient              // written
)

// Kind is what a stream holds, of how many arrays a step's row is a panel, and,
// where there are several inputs or outputs, of which of them it is.
type Kind struct {
	Role   Role
	Arrays int
	Index  int
}

// optional reports whether a stream is there only if it is asked for.
func (k Kind) optional(back bool) bool {
	return !back && (k.Role == RoleTrace || k.Role == RoleDistance)
}

// Kernel is what a call needs: the arrays of the panels, and the streams.
type Kernel struct {
	Name                 string
	States, Params, Sums int // arrays of the panels
	Lanes                int // neurons of a group of the panels
	Streams              []Kind
	Back                 bool // goes from the last step to the first
	Elements             int  // neurons times steps that one piece takes at the most
}

// Call is one call of a kernel over time: of N neurons over Steps.
//
// Panels are [group][array][lanes], see [Layout]; State is moved on by the
// steps, and Sums, one array for each parameter whose gradient is asked for, are
// added to. A backward pass has in State the gradients of states. No two arrays
// overlap.
type Call struct {
	N, Steps            int
	State, Params, Sums []float32
	Streams             []Stream // as [Kernel].Streams says
	// Optional asks for traces and distances forward, and for sums backward.
	Optional  bool
	Workspace *Workspace // of programs; nil allocates one
}

// Stream is an array that a call moves through: row t begins at t*Stride. Rows
// of numbers are panels of [Padded](N) neurons, those of bits words of N.
type Stream struct {
	Floats []float32
	Bits   []uint64
	Stride int
}

// Forward is what a call of [Neuron.Advance] needs.
func (n Neuron) Forward() *Kernel { return &forward[n] }

// Backward is what a call of [Neuron.Back] needs.
func (n Neuron) Backward() *Kernel { return &backward[n.general()] }

// general is the neuron itself, or the one that has its backward pass.
func (n Neuron) general() Neuron {
	if n >= firstSpecial {
		return specialOf[n-firstSpecial]
	}
	return n
}

// Neurons is how many compiled neurons there are: from 0 on.
const Neurons = int(neuronCount)

// Advance moves the neurons on by the steps of the call.
func (n Neuron) Advance(c *Call) {
	k := &forward[n]
	if !c.check(k) {
		return
	}
	if !useSIMD {
		advanceGeneric(n, c)
	} else {
		var p pieces
		for p.begin(c, k); p.next(); {
			advanceSIMD(n, &p.frame)
		}
	}
	c.settle(k)
}

// Back goes from the gradients after the steps of the call to those before.
func (n Neuron) Back(c *Call) {
	n = n.general()
	k := &backward[n]
	if !c.check(k) {
		return
	}
	if !useSIMD {
		backGeneric(n, c)
		return
	}
	var p pieces
	for p.begin(c, k); p.next(); {
		backSIMD(n, &p.frame)
	}
}

// check panics unless all arrays are as long as the kernel needs, and reports
// whether there is anything to do.
func (c *Call) check(k *Kernel) bool {
	if c.N < 0 || c.Steps < 0 || len(c.Streams) != len(k.Streams) {
		panic(errLength)
	}
	checkLength(len(c.State), Layout{c.N, k.States, k.Lanes}.Size())
	checkLength(len(c.Params), Layout{c.N, k.Params, k.Lanes}.Size())
	if c.Optional {
		checkLength(len(c.Sums), Layout{c.N, k.Sums, k.Lanes}.Size())
	}
	for i, kind := range k.Streams {
		switch s := &c.Streams[i]; {
		case kind.Role == RoleSpikes:
			checkRows(len(s.Bits), c.Steps, s.Stride, words(c.N))
		case c.Optional || !kind.optional(k.Back):
			checkRows(len(s.Floats), c.Steps, s.Stride, kind.Arrays*Padded(c.N))
		}
	}
	return c.N > 0 && c.Steps > 0
}

// settle makes what is past the last neuron depend on nothing but the neurons:
// bits are zero, and states those of the last.
func (c *Call) settle(k *Kernel) {
	if c.N&63 == 0 || k.Back {
		return
	}
	for a := range k.States {
		Layout{c.N, k.States, k.Lanes}.pad(c.State, a)
	}
	for i, kind := range k.Streams {
		if kind.Role != RoleSpikes {
			continue
		}
		s := &c.Streams[i]
		for t, last := 0, words(c.N)-1; t < c.Steps; t++ {
			s.Bits[t*s.Stride+last] &= 1<<(c.N&63) - 1
		}
	}
}

type lanes = [Lanes]float32

// panel is an array of a group.
func panel(v []float32, group, arrays, array int) *lanes {
	return (*lanes)(v[(group*arrays+array)*Lanes:])
}

// lanes is an array of a group at a step.
func (s *Stream) lanes(step, group, arrays, array int) *lanes {
	return (*lanes)(s.Floats[step*s.Stride+(group*arrays+array)*Lanes:])
}

// pack stores the bits of a group at a step.
func (s *Stream) pack(step, group int, bits uint64) {
	at, shift := step*s.Stride+group*Lanes>>6, group*Lanes&63
	s.Bits[at] = s.Bits[at]&^((1<<Lanes-1)<<shift) | bits<<shift
}
