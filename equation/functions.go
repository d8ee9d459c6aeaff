package equation

import (
	"slices"
	"strings"
)

// value is a number or a truth value while a text is read, and where it stands.
type value struct {
	n     *node
	truth bool
	place
}

func (v value) float() Float { return Float{v.n} }
func (v value) mask() Mask   { return Mask{v.n} }

// function is a function of the text form.
type function struct {
	// params are what the arguments are called. A truth value is wanted for spike
	// and m; detach takes either; all others are numbers.
	params []string
	cost   int // in operations
	apply  func(p *parser, name token, args []value) value
}

// What exponentials and logarithms count as: the operations that they become in
// [Kernel.Expanded], or a few more.
const (
	expCost = 40
	logCost = 120
)

// functions are all there are.
var functions = map[string]function{
	"fires":       {[]string{"v", "level"}, 1, spikeTest(Fires)},
	"fires_above": {[]string{"v", "level"}, 1, spikeTest(FiresAbove)},
	"staircase":   {[]string{"count", "v", "level"}, 1, staircase},
	"fired":       {[]string{"v", "level"}, 1, firedBefore},
	"remembered":  {[]string{"s"}, 1, rememberedState},
	"reset":       {[]string{"spike", "value", "v"}, 1, choosing(Reset)},
	"jump":        {[]string{"spike", "amount"}, 1, jump},
	"detach":      {[]string{"a"}, 1, detach},
	"select":      {[]string{"m", "a", "b"}, 1, choosing(Select)},
	"min":         {[]string{"a", "b"}, 2, of2(Min)},
	"max":         {[]string{"a", "b"}, 2, of2(Max)},
	"abs":         {[]string{"a"}, 1, of1(Abs)},
	"sqrt":        {[]string{"a"}, 1, of1(Sqrt)},
	"floor":       {[]string{"a"}, 1, of1(Floor)},
	"exp":         {[]string{"a"}, expCost, of1(Exp)},
	"log":         {[]string{"a"}, logCost, of1(Log)},
}

func isFunction(name string) bool { return functions[name].apply != nil }

// functionNames are sorted.
func functionNames() []string {
	var names []string
	for name := range functions {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (f function) signature(name string) string {
	return name + "(" + strings.Join(f.params, ", ") + ")"
}

// convert makes of arguments what a function wants.
func (f function) convert(p *parser, name token, args []value) {
	if len(args) != len(f.params) {
		name.fail("%s takes %s, found %d", quote(f.signature(name.text)), count(len(f.params), "argument"), len(args))
	}
	for i, param := range f.params {
		switch {
		case name.text == "detach":
		case param == "spike" || param == "m":
			p.truth(args[i], quote(param)+" of "+quote(f.signature(name.text)))
		default:
			args[i] = p.number(args[i])
		}
	}
}

func of1(f func(Float) Float) func(*parser, token, []value) value {
	return func(_ *parser, _ token, args []value) value { return value{n: f(args[0].float()).n} }
}

func of2(f func(a, b Float) Float) func(*parser, token, []value) value {
	return func(_ *parser, _ token, args []value) value {
		return value{n: f(args[0].float(), args[1].float()).n}
	}
}

func choosing(f func(Mask, Float, Float) Float) func(*parser, token, []value) value {
	return func(_ *parser, _ token, args []value) value {
		return value{n: f(args[0].mask(), args[1].float(), args[2].float()).n}
	}
}

func jump(_ *parser, _ token, args []value) value {
	return value{n: Jump(args[0].mask(), args[1].float()).n}
}

func detach(_ *parser, _ token, args []value) value {
	if args[0].truth {
		return value{n: DetachMask(args[0].mask()).n, truth: true}
	}
	return value{n: Detach(args[0].float()).n}
}

// spikeTest is the test of a spike.
func spikeTest(test func(v, level Float) Mask) func(*parser, token, []value) value {
	return func(p *parser, name token, args []value) value {
		m := test(args[0].float(), args[1].float())
		p.surrogate(name, m.n)
		return value{n: m.n, truth: true}
	}
}

// staircase marks a copy: elsewhere, a count that has a name stays what it is.
func staircase(p *parser, name token, args []value) value {
	counted := args[0].n
	switch {
	case counted.op <= OpState:
		args[0].fail("the count of a staircase must be computed, like floor(v/level)")
	case counted.op == OpDetach:
		args[0].fail("the count of a staircase is detached: detach what the staircase gives")
	case counted.marks != marks{}:
		args[0].fail("the count of a staircase is a reset or a jump, which has a gradient of its own")
	}
	n := *counted
	n.label = ""
	p.surrogate(name, &n)
	return value{n: Float{&n}.Staircase(args[1].float(), args[2].float()).n}
}

func firedBefore(p *parser, name token, args []value) value {
	n := Fired(args[0].float(), args[1].float()).n
	p.early = append(p.early, recalled{name, n})
	return value{n: n, truth: true}
}

func rememberedState(p *parser, name token, args []value) value {
	if args[0].n.op != OpState {
		args[0].fail("remembered wants a state, as the last step left it")
	}
	n := Remembered(args[0].float()).n
	p.early = append(p.early, recalled{name, n})
	return value{n: n, truth: true}
}

// recalled is what stands for the spikes of the step before.
type recalled struct {
	name token
	n    *node
}
