package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/equation"
)

// twin runs programs in float64, with every spike a smooth function of the
// distance from its level, so that there is something to differentiate. A mask
// is a number from 0 to 1, and a choice is m*a + (1-m)*b.
type twin struct {
	// frozen, if not nil, are the values of spikes inside of the neuron, which
	// stay as they are when something else moves: a detached reset.
	frozen *frozen
	// whole freezes, with them, what a reset to a value takes away.
	whole bool
}

// frozen holds values by step and place in the program; the first run fills it.
type frozen struct {
	filled bool
	values map[[2]int]float64
}

func (f *frozen) keep(step, i int, v float64) float64 {
	if f.filled {
		return f.values[[2]int{step, i}]
	}
	f.values[[2]int{step, i}] = v
	return v
}

// smooths are functions that rise like a spike, and their slopes.
var smooths = []struct{ value, slope func(x float64) float64 }{
	{logistic, func(x float64) float64 { return 3 * logistic(x) * (1 - logistic(x)) }},
	{func(x float64) float64 { return 0.5 + math.Atan(2*x)/math.Pi }, func(x float64) float64 { return 2 / math.Pi / (1 + 4*x*x) }},
	{func(x float64) float64 { return 0.5 + 0.5*math.Erf(x) }, func(x float64) float64 { return math.Exp(-x*x) / math.Sqrt(math.Pi) }},
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-3*x)) }

// spikeOf and slopeOf are the one in use.
var spikeOf, slopeOf = smooths[0].value, smooths[0].slope

// values are those of a program at a step. outside are the spikes as the
// output has them, where those inside are frozen.
func (w twin) values(p *equation.Program, leaf func(v equation.Value) float64, step int) (v []float64, outside map[int]float64) {
	v = make([]float64, len(p.Values))
	outside = map[int]float64{}
	for i, n := range p.Values {
		arg := func(k int) float64 { return v[n.Args[k]] }
		test := func(yes bool) float64 {
			if yes {
				return 1
			}
			return 0
		}
		switch {
		case n.Tested != nil && n.Op != equation.OpGE && n.Op != equation.OpGT:
			v[i] = spikeOf(v[n.Tested[0]]/v[n.Tested[1]] - 1)
		case n.Tested != nil:
			v[i] = spikeOf(v[n.Tested[0]] - v[n.Tested[1]])
		case n.Fired && n.Op == equation.OpGE:
			v[i] = spikeOf(arg(0) - arg(1))
		case n.Fired:
			v[i] = arg(0)
		default:
			switch n.Op {
			case equation.OpConst:
				v[i] = float64(n.Const)
			case equation.OpParam, equation.OpInput, equation.OpState, equation.OpSum:
				v[i] = leaf(n)
			case equation.OpAdd:
				v[i] = arg(0) + arg(1)
			case equation.OpSub:
				v[i] = arg(0) - arg(1)
			case equation.OpMul, equation.OpAnd:
				v[i] = arg(0) * arg(1)
			case equation.OpDiv:
				v[i] = arg(0) / arg(1)
			case equation.OpAbs:
				v[i] = math.Abs(arg(0))
			case equation.OpSqrt:
				v[i] = math.Sqrt(arg(0))
			case equation.OpFloor:
				v[i] = math.Floor(arg(0))
			case equation.OpExp:
				v[i] = math.Exp(arg(0))
			case equation.OpLog:
				v[i] = math.Log(arg(0))
			case equation.OpGE:
				v[i] = test(arg(0) >= arg(1))
			case equation.OpGT:
				v[i] = test(arg(0) > arg(1))
			case equation.OpEQ:
				v[i] = test(arg(0) == arg(1))
			case equation.OpNot:
				v[i] = 1 - arg(0)
			case equation.OpSelect:
				m := arg(0)
				if s, ok := outside[n.Args[0]]; ok && n.Jump {
					m = s
				}
				v[i] = m*arg(1) + (1-m)*arg(2)
				if n.Reset && w.whole {
					v[i] = arg(2) - w.frozen.keep(step, -i-1, arg(2)-v[i])
				}
			}
		}
		if w.frozen != nil && (n.Tested != nil || n.Fired) {
			outside[i] = v[i]
			v[i] = w.frozen.keep(step, i, v[i])
		}
		// A spike that is part of another goes out as that.
		if n.Op == equation.OpAnd {
			if s, ok := outside[n.Args[1]]; ok {
				outside[i] = arg(0) * s
			}
		}
	}
	return v, outside
}

// course is what a neuron is given, and what is asked of it.
type course struct {
	steps         int
	params, start map[string]float64
	x, weight     []float64          // of every step: input, and weight of the output in the loss
	last          map[string]float64 // weights of the last states in the loss
}

// loss runs a neuron and adds up the weighted outputs and last states.
func (w twin) loss(k *equation.Kernel, c course) float64 {
	p := k.Program()
	state := map[string]float64{}
	for name, v := range c.start {
		state[name] = v
	}
	total := 0.0
	for t := range c.steps {
		v, outside := w.values(p, func(n equation.Value) float64 {
			switch n.Op {
			case equation.OpParam:
				return c.params[n.Name]
			case equation.OpInput:
				return c.x[t]
			}
			return state[n.Name]
		}, t)
		for _, e := range p.Effects {
			if e.Arg.Kind == equation.ArgState {
				state[e.Arg.Name] = v[e.Value]
			} else if s, ok := outside[e.Value]; ok {
				total += c.weight[t] * s
			} else {
				total += c.weight[t] * v[e.Value]
			}
		}
	}
	for name, weight := range c.last {
		total += weight * state[name]
	}
	if w.frozen != nil {
		w.frozen.filled = true
	}
	return total
}

// gradients goes back with the derived kernel.
func gradients(k *equation.Kernel, c course, attach, straight float64) (x []float64, params, start map[string]float64) {
	forward, back := k.Program(), k.Backward().Program()
	var w twin
	traces := make([]map[string]float64, c.steps)
	slopes := make([]float64, c.steps)
	state := map[string]float64{}
	for name, v := range c.start {
		state[name] = v
	}
	for t := range c.steps {
		traces[t] = map[string]float64{}
		for name, v := range state {
			traces[t][equation.TraceOf(name)] = v
		}
		v, _ := w.values(forward, func(n equation.Value) float64 {
			switch n.Op {
			case equation.OpParam:
				return c.params[n.Name]
			case equation.OpInput:
				return c.x[t]
			}
			return state[n.Name]
		}, t)
		for _, n := range forward.Values {
			if n.Tested != nil {
				value, level := v[n.Tested[0]], v[n.Tested[1]]
				slopes[t] = slopeOf(value - level)
				if n.Op != equation.OpGE && n.Op != equation.OpGT {
					slopes[t] = slopeOf(value/level-1) / level
				}
			}
		}
		for _, e := range forward.Effects {
			if e.Arg.Kind == equation.ArgState {
				state[e.Arg.Name] = v[e.Value]
			}
		}
	}
	grad := map[string]float64{}
	for name, weight := range c.last {
		grad[equation.GradientOf(name)] = weight
	}
	sums := map[string]float64{}
	x = make([]float64, c.steps)
	for t := c.steps - 1; t >= 0; t-- {
		v, _ := w.values(back, func(n equation.Value) float64 {
			switch n.Name {
			case equation.OutputGradient:
				return c.weight[t]
			case equation.SurrogateGrad:
				return slopes[t]
			case "x":
				return c.x[t]
			case equation.ResetGradScale:
				return attach
			case equation.StraightThrough:
				return straight
			case equation.ThresholdGradScale:
				return 1
			}
			if v, ok := traces[t][n.Name]; ok {
				return v
			}
			switch n.Op {
			case equation.OpParam:
				return c.params[n.Name]
			case equation.OpState:
				return grad[n.Name]
			}
			return sums[n.Name]
		}, t)
		next := map[string]float64{}
		for _, e := range back.Effects {
			switch {
			case e.Arg.Kind == equation.ArgState:
				next[e.Arg.Name] = v[e.Value]
			case e.Arg.Kind == equation.ArgSum:
				sums[e.Arg.Name] = v[e.Value]
			default:
				x[t] = v[e.Value]
			}
		}
		for name, g := range next {
			grad[name] = g
		}
	}
	// The spikes of the step before the first are a function of the membrane.
	if fired, ok := grad[equation.SpikeGrad]; ok {
		g := attach * fired * slopeOf(c.start["v"]-c.params["test"])
		grad[equation.GradientOf("v")] += g
		sums[equation.GradientOf("test")] -= g
	}
	return x, sums, grad
}

// courseOf draws one. Parameters are positive and such that nothing explodes.
func courseOf(k *equation.Kernel, r *rand.Rand) course {
	c := course{steps: 6, params: map[string]float64{}, start: map[string]float64{}, last: map[string]float64{}}
	for _, a := range k.Args() {
		switch a.Kind {
		case equation.ArgParam:
			c.params[a.Name] = 0.3 + 0.5*r.Float64()
		case equation.ArgState:
			c.start[a.Name] = r.Float64()
			c.last[a.Name] = r.Float64() - 0.5
		}
	}
	for name, v := range map[string]float64{"tau": 2, "tauW": 2, "maxSpikes": 100, "low": -50, "high": 50, "lowest": -100, "period": 1, "wait": 0} {
		if _, ok := c.params[name]; ok {
			c.params[name] = v
		}
		if _, ok := c.start[name]; ok {
			c.start[name] = v
		}
	}
	for range c.steps {
		c.x = append(c.x, 2*r.Float64()-0.5)
		c.weight = append(c.weight, r.Float64()-0.5)
	}
	// No gradient goes back to what only choices without one depend on.
	reached := map[string]bool{}
	for _, a := range k.Backward().Args() {
		reached[a.Name] = true
	}
	for name := range c.last {
		if !reached[equation.GradientOf(name)] {
			delete(c.last, name)
		}
	}
	return c
}

// mode is what of a reset is detached.
type mode struct {
	name             string
	attach, straight float64
	twin             func() twin
}

// skips reports what has no derivative, or one that the layers leave out: whole
// numbers, the spikes before the first step where they are detached, and the
// value of a reset that is detached as a whole.
func (m mode) skips(a equation.Arg) bool {
	switch a.Name {
	case "wait", "period":
		return true
	case "s":
		return m.attach == 0
	case "value":
		return m.straight == 1
	}
	return false
}

// The backward pass of every neuron is the derivative of the forward pass, with the
// reset attached, with its spike detached, and with all of it detached.
func TestBackwardIsTheDerivative(t *testing.T) {
	modes := []mode{
		{"attached", 1, 0, func() twin { return twin{} }},
		{"spike detached", 0, 0, func() twin { return twin{frozen: &frozen{values: map[[2]int]float64{}}} }},
		{"reset detached", 0, 1, func() twin { return twin{frozen: &frozen{values: map[[2]int]float64{}}, whole: true} }},
	}
	checked := 0
	for _, f := range Neurons() {
		for _, k := range f.Kernels {
			for i := range 3 * len(modes) {
				mode, smooth := modes[i%len(modes)], smooths[i/len(modes)]
				t.Run(fmt.Sprintf("%s, %s, surrogate %d", k.Name, mode.name, i/len(modes)), func(t *testing.T) {
					spikeOf, slopeOf = smooth.value, smooth.slope
					r := rand.New(rand.NewPCG(1, uint64(len(k.Name))))
					c := courseOf(k, r)
					if mode.straight == 1 && strings.Contains(k.Name, "Undelayed") {
						t.Skip("two resets, of which snnTorch detaches but the spike")
					}
					w := mode.twin()
					w.loss(k, c)
					gx, gp, gs := gradients(k, c, mode.attach, mode.straight)
					check := func(what string, want, got float64) {
						checked++
						require.InDelta(t, want, got, 1e-5*math.Max(1, math.Abs(want)), what)
					}
					for i := range c.x {
						value := c.x[i]
						at := func(v float64) float64 {
							c.x[i] = v
							return w.loss(k, c)
						}
						check("x", central(at, value), gx[i])
						c.x[i] = value
					}
					for _, a := range k.Args() {
						in, grads := c.params, gp
						if a.Kind == equation.ArgState {
							in, grads = c.start, gs
						} else if a.Kind != equation.ArgParam {
							continue
						}
						if mode.skips(a) {
							continue
						}
						value := in[a.Name]
						at := func(v float64) float64 {
							in[a.Name] = v
							return w.loss(k, c)
						}
						check(a.Name, central(at, value), grads[equation.GradientOf(a.Name)])
						in[a.Name] = value
					}
				})
			}
		}
	}
	require.Greater(t, checked, 5800)
}

// The test above can tell the modes apart: what it compares differs between
// them.
func TestModesDiffer(t *testing.T) {
	for _, f := range Neurons() {
		for _, k := range f.Kernels {
			if k.Name != "lifValue" {
				continue
			}
			c := courseOf(k, rand.New(rand.NewPCG(1, 2)))
			attached, _, _ := gradients(k, c, 1, 0)
			spike, _, _ := gradients(k, c, 0, 0)
			whole, _, _ := gradients(k, c, 0, 1)
			require.NotEqual(t, attached, spike)
			require.NotEqual(t, spike, whole)
		}
	}
}

// central is the slope of f at v.
func central(f func(v float64) float64, v float64) float64 {
	const h = 1e-5
	up, down := f(v+h), f(v-h)
	return (up - down) / (2 * h)
}
