package equation

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/slowtest"
)

// lif is the declaration of most texts here.
var lif = Declaration{Params: []string{"decay", "gain", "threshold"}}

// requireSameProgram compares all that programs compute, store and say about
// gradients: everything but labels.
func requireSameProgram(t *testing.T, want, got *Kernel) {
	t.Helper()
	require.Equal(t, want.Args(), got.Args())
	require.Equal(t, unlabelled(want.Program()), unlabelled(got.Program()))
	require.Equal(t, want.Program().Effects, got.Program().Effects)
}

func unlabelled(p *Program) []Value {
	for i := range p.Values {
		p.Values[i].Label = ""
	}
	return p.Values
}

func mustParse(t *testing.T, text string, d Declaration) *Kernel {
	t.Helper()
	k, err := Parse("neuron", text, d)
	require.NoError(t, err, text)
	return k
}

func TestParseMakesWhatTheFunctionsMake(t *testing.T) {
	text := `
		# leaky integrate-and-fire
		v1 = decay*v + gain*x   # the membrane takes in its input
		spike = fires(v1, threshold); v = v1 - spike*threshold
	`
	k := New("neuron", "")
	for _, p := range lif.Params {
		k.Param(p)
	}
	v1 := Add(Mul(k.Param("decay"), k.State("v")), Mul(k.Param("gain"), k.Input("x")))
	s := Fires(v1, k.Param("threshold"))
	k.Spikes("spike", s)
	k.SetState("v", Sub(v1, Select(s, k.Param("threshold"), Const(0))))

	got := mustParse(t, text, lif)
	requireSameProgram(t, k, got)
	requireSameProgram(t, k.Backward(), got.Backward())
	var labels []string
	for _, v := range got.Program().Values {
		if v.Label != "" {
			labels = append(labels, v.Label)
		}
	}
	require.Equal(t, []string{"v1", "spike", "v"}, labels)
}

// Every expression is that of the functions with which it is described.
func TestExpressions(t *testing.T) {
	for _, c := range []struct {
		text string
		want func(u, v, x Float) Float
	}{
		{"u + v - x", func(u, v, x Float) Float { return Sub(Add(u, v), x) }},
		{"u - (v - x)", func(u, v, x Float) Float { return Sub(u, Sub(v, x)) }},
		{"u/v*x", func(u, v, x Float) Float { return Mul(Div(u, v), x) }},
		{"u + v*x", func(u, v, x Float) Float { return Add(u, Mul(v, x)) }},
		{"-u*v", func(u, v, x Float) Float { return Mul(Sub(Const(0), u), v) }},
		{"u*-v", func(u, v, x Float) Float { return Mul(u, Sub(Const(0), v)) }},
		{"--u", func(u, v, x Float) Float { return Sub(Const(0), Sub(Const(0), u)) }},
		{"u - -0.5", func(u, v, x Float) Float { return Sub(u, Const(-0.5)) }},
		{"-(0.5)", func(u, v, x Float) Float { return Sub(Const(0), Const(0.5)) }},
		{"u*-0", func(u, v, x Float) Float { return Mul(u, Const(math.Copysign(0, -1))) }},
		{"u + .5e-3", func(u, v, x Float) Float { return Add(u, Const(.5e-3)) }},
		{"u + 2.E+2", func(u, v, x Float) Float { return Add(u, Const(200)) }},
		{"u + 16777217", func(u, v, x Float) Float { return Add(u, Const(16777216)) }},
		{"abs(u) + sqrt(v) - floor(x)", func(u, v, x Float) Float { return Sub(Add(Abs(u), Sqrt(v)), Floor(x)) }},
		{"exp(u)/log(v)", func(u, v, x Float) Float { return Div(Exp(u), Log(v)) }},
		{"min(u, v) + max(v, x)", func(u, v, x Float) Float { return Add(Min(u, v), Max(v, x)) }},
		{"detach(u)*v", func(u, v, x Float) Float { return Mul(Detach(u), v) }},
		{"select(u >= v, u, x)", func(u, v, x Float) Float { return Select(GE(u, v), u, x) }},
		{"select(u > v, u, x)", func(u, v, x Float) Float { return Select(GT(u, v), u, x) }},
		{"select(u <= v, u, x)", func(u, v, x Float) Float { return Select(GE(v, u), u, x) }},
		{"select(u < v, u, x)", func(u, v, x Float) Float { return Select(GT(v, u), u, x) }},
		{"select(u == v, u, x)", func(u, v, x Float) Float { return Select(EQ(u, v), u, x) }},
		{"select(u != v, u, x)", func(u, v, x Float) Float { return Select(Not(EQ(u, v)), u, x) }},
		{"select(!u == v, u, x)", func(u, v, x Float) Float { return Select(Not(EQ(u, v)), u, x) }},
		{"select(!!(u > v), u, x)", func(u, v, x Float) Float { return Select(Not(Not(GT(u, v))), u, x) }},
		{"select(u > v || u > x && !v > x, u, x)", func(u, v, x Float) Float {
			return Select(Or(GT(u, v), And(GT(u, x), Not(GT(v, x)))), u, x)
		}},
		{"select((u > v || u > x) && v > x, u, x)", func(u, v, x Float) Float {
			return Select(And(Or(GT(u, v), GT(u, x)), GT(v, x)), u, x)
		}},
		{"select(u + v > x*2, u, x)", func(u, v, x Float) Float { return Select(GT(Add(u, v), Mul(x, Const(2))), u, x) }},
		// A truth value as a number.
		{"(u > v)*x", func(u, v, x Float) Float { return Select(GT(u, v), x, Const(0)) }},
		{"x*(u > v)", func(u, v, x Float) Float { return Select(GT(u, v), x, Const(0)) }},
		{"(u > v)*(v > x)", func(u, v, x Float) Float {
			return Select(GT(u, v), Select(GT(v, x), Const(1), Const(0)), Const(0))
		}},
		{"u - (u > v)", func(u, v, x Float) Float { return Sub(u, Select(GT(u, v), Const(1), Const(0))) }},
		{"u/(u > v)", func(u, v, x Float) Float { return Div(u, Select(GT(u, v), Const(1), Const(0))) }},
		{"-(u > v)", func(u, v, x Float) Float { return Sub(Const(0), Select(GT(u, v), Const(1), Const(0))) }},
		{"max(u > v, x)", func(u, v, x Float) Float { return Max(Select(GT(u, v), Const(1), Const(0)), x) }},
		{"select(u > v, v > x, 2)", func(u, v, x Float) Float {
			return Select(GT(u, v), Select(GT(v, x), Const(1), Const(0)), Const(2))
		}},
		{"detach(u > v)*x", func(u, v, x Float) Float { return Select(DetachMask(GT(u, v)), x, Const(0)) }},
		{"reset(u > v, x, u) + jump(u > v, x)", func(u, v, x Float) Float {
			return Add(Reset(GT(u, v), x, u), Jump(GT(u, v), x))
		}},
		{"x*(\n\tu + # which is\n\tv\n)", func(u, v, x Float) Float { return Mul(x, Add(u, v)) }},
	} {
		t.Run(c.text, func(t *testing.T) {
			k := New("neuron", "")
			u, v, x := k.State("u"), k.State("v"), k.Input("x")
			k.SetState("u", c.want(u, v, x))
			k.SetState("v", Add(v, x))
			k.Spikes("spike", Fires(u, x))
			got := mustParse(t, "old = u\nu = "+c.text+"\nv = v + x\nspike = fires(old, x)", Declaration{States: []string{"u", "v"}})
			requireSameProgram(t, k, got)
			requireSameProgram(t, k.Backward(), got.Backward())
			requireSameProgram(t, k, mustParse(t, k.Text(), k.Declaration()))
		})
	}
}

func TestFunctionsOfSpikes(t *testing.T) {
	for _, c := range []struct {
		name, text string
		d          Declaration
		want       func(k *Kernel)
	}{
		{"fired", "v = reset(fired(v, 1), 0, v + x)\nspike = fires(v, 1)", Declaration{}, func(k *Kernel) {
			v := k.State("v")
			v1 := Reset(Fired(v, Const(1)), Const(0), Add(v, k.Input("x")))
			k.SetState("v", v1)
			k.Spikes("spike", Fires(v1, Const(1)))
		}},
		{"fired at a level that is remembered", "v1 = v - fired(v, l) + x\nl1 = l + 1\nspike = fires(v1, l1)\nv = v1\nl = l1", Declaration{}, func(k *Kernel) {
			v, l := k.State("v"), k.State("l")
			v1 := Add(Sub(v, Select(Fired(v, l), Const(1), Const(0))), k.Input("x"))
			l1 := Add(l, Const(1))
			k.Spikes("spike", Fires(v1, l1))
			k.SetState("v", v1)
			k.SetState("l", l1)
		}},
		{"remembered", "v = v - remembered(s) + x\ns = fires_above(v, 1)\nspike = v < 9 && s", Declaration{}, func(k *Kernel) {
			v, s := k.State("v"), k.State("s")
			v1 := Add(Sub(v, Select(Remembered(s), Const(1), Const(0))), k.Input("x"))
			fires := FiresAbove(v1, Const(1))
			k.SetState("v", v1)
			k.SetState("s", Select(fires, Const(1), Const(0)))
			k.Spikes("spike", And(GT(Const(9), v1), fires))
		}},
		{"a count that is sent", "n = staircase(min(floor(x), most), x, 1)\n", Declaration{Params: []string{"most"}, Outputs: []string{"n"}}, func(k *Kernel) {
			most, x := k.Param("most"), k.Input("x")
			k.Output("n", Min(Floor(x), most).Staircase(x, Const(1)))
		}},
		{"a staircase leaves the count as it is", "c = floor(x)\nn = staircase(c, x, 1)\nspike = c", Declaration{Outputs: []string{"n", "spike"}}, func(k *Kernel) {
			x := k.Input("x")
			k.Output("n", Floor(x).Staircase(x, Const(1)))
			k.Output("spike", Floor(x))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := New("neuron", "")
			c.want(k)
			got := mustParse(t, c.text, c.d)
			requireSameProgram(t, k, got)
			requireSameProgram(t, k.Backward(), got.Backward())
			requireSameProgram(t, k, mustParse(t, k.Text(), k.Declaration()))
		})
	}
}

// The order of the arguments is that of the declaration, and of the text where
// it is not declared.
func TestOrderOfArguments(t *testing.T) {
	text := "w = q*w + p*y\nv = v + x + w\nspike = v > 1\nlast = u\nu = w"
	d := Declaration{Inputs: []string{"x", "y"}, Params: []string{"p", "q"}, Outputs: []string{"last", "spike"}}
	names := func(k *Kernel) []string {
		var names []string
		for _, a := range k.Args() {
			names = append(names, a.Name)
		}
		return names
	}
	require.Equal(t, []string{"last", "spike", "w", "v", "u", "x", "y", "p", "q"}, names(mustParse(t, text, d)))
	d.States = []string{"u", "v", "w"}
	require.Equal(t, []string{"last", "spike", "u", "v", "w", "x", "y", "p", "q"}, names(mustParse(t, text, d)))
}

// A state may become another: what is stored is a value of its own, so that it
// does not matter which is replaced first.
func TestStatesThatBecomeOthers(t *testing.T) {
	k := mustParse(t, "t = u\nu = v\nv = detach(t)\nw = w\nspike = fires(w, x)", Declaration{})
	requireSameProgram(t, k, mustParse(t, k.Text(), k.Declaration()))
	require.NotPanics(t, func() { k.Backward().Program() })
}

func TestKeep(t *testing.T) {
	text := "a = x + 1\nspike = fires(x, 1)"
	_, err := Parse("neuron", text, Declaration{})
	require.ErrorContains(t, err, "`a` is set and never used")
	requireSameProgram(t, mustParse(t, "spike = fires(x, 1)", Declaration{}), mustParse(t, text, Declaration{Keep: []string{"a"}}))
}

// A declared name may be that of a function.
func TestNamesOfFunctions(t *testing.T) {
	k := mustParse(t, "spike = jump(x > 0, jump) > 1", Declaration{Params: []string{"jump"}})
	require.Equal(t, []Arg{{"spike", ArgBitsOut}, {"x", ArgInput}, {"jump", ArgParam}}, k.Args())
}

// Every wrong text is an error that says where and why.
func TestWrongTexts(t *testing.T) {
	require.Greater(t, len(wrong), 40)
	for _, c := range wrong {
		t.Run(c.text, func(t *testing.T) {
			k, err := Parse("neuron", c.text, c.d)
			require.Nil(t, k)
			var e *Error
			require.True(t, errors.As(err, &e), "%v", err)
			require.Equal(t, fmt.Sprintf("%d:%d %s", c.line, c.column, c.message), fmt.Sprintf("%d:%d %s", e.Line, e.Column, e.Msg))
		})
	}
}

func TestErrorSaysWhere(t *testing.T) {
	_, err := Parse("neuron", "v = decay*v + x\nspike = fires(v, tresh)", Declaration{Params: []string{"decay", "threshold"}})
	require.EqualError(t, err, "line 2, column 18: `tresh` is not defined; did you mean `threshold`?")
	_, err = Parse("neuron", "spike = fires(x, 1)", lif)
	require.EqualError(t, err, "the parameter `decay` is declared and never read")
}

// What is too large is an error, and soon.
func TestLimits(t *testing.T) {
	lines := func(n int, line string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, line+"\n", i)
		}
		return b.String()
	}
	for _, c := range []struct{ name, text, message string }{
		{"bytes", strings.Repeat(" ", maxText+1), "the text has 1048577 bytes, and 1048576 are allowed"},
		{"statements", lines(maxStatements+1, "n%d = x"), "line 10001, column 1: the text has more than 10000 statements"},
		{"operations", "spike = x" + strings.Repeat("+x", maxOperations+1) + " > 1", "more than 65536 operations"},
		{"exponentials", lines(maxOperations/expCost+1, "n%d = exp(x)"), "more than 65536 operations"},
		{"logarithms", lines(maxOperations/logCost+1, "n%d = log(x)"), "more than 65536 operations"},
		{"signs", "spike = " + strings.Repeat("-", maxText-20) + "x > 1", "more than 65536 operations"},
		{"negations", "spike = " + strings.Repeat("!", maxText-20) + "(x>1)", "more than 65536 operations"},
		{"nesting", "spike = " + strings.Repeat("(", 10_000) + "x" + strings.Repeat(")", 10_000) + " > 1", "line 1, column 1009: parentheses are nested more than 1000 deep"},
		{"calls", "spike = " + strings.Repeat("abs(", 10_000) + "x" + strings.Repeat(")", 10_000) + " > 1", "nested more than 1000 deep"},
		{"states", lines(maxStates+1, "s%[1]d = s%[1]d + x"), "line 1001, column 9: `s1000` is one state too many: 1000 are allowed"},
		{"a name", strings.Repeat("n", maxText), "characters, and 64 are allowed"},
		{"a number", "spike = x > " + strings.Repeat("9", maxText-20), "is not a float32: they end at 3.4028235e38"},
		{"arguments", "spike = exp(" + strings.Repeat("x,", maxText/2-20) + "x)", "`exp(a)` takes 1 argument, found 524269"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("neuron", c.text, Declaration{})
			require.ErrorContains(t, err, c.message)
			require.Less(t, len(err.Error()), 300)
		})
	}
}

// What is as large as it may be goes through, there and back.
func TestLargestTexts(t *testing.T) {
	chained := "n0 = x\n"
	for i := range maxStatements - 2 {
		chained += fmt.Sprintf("n%d = n%d*n%d + x\n", i+1, i, i)
	}
	for name, text := range map[string]string{
		"nested": "spike = " + strings.Repeat("abs(", maxNesting) + "x" + strings.Repeat(")", maxNesting) + " > 1",
		"long":   "spike = x" + strings.Repeat(" + x", maxOperations-2) + " > 1",
		"shared": chained + fmt.Sprintf("spike = n%d > 1", maxStatements-2),
	} {
		t.Run(name, func(t *testing.T) {
			k := mustParse(t, text, Declaration{})
			requireSameProgram(t, k, mustParse(t, k.Text(), k.Declaration()))
		})
	}
}

// A neuron of 500 states and 10,000 operations, with all that is derived from
// it, takes a tenth of a second. The limit is for machines that are busy.
func TestLargeNeuron(t *testing.T) {
	var b strings.Builder
	for i := range 500 {
		fmt.Fprintf(&b, "n%[1]d = p*s%[1]d + x", i)
		for j := range 8 {
			fmt.Fprintf(&b, " + s%d*%d", i, j+2)
		}
		fmt.Fprintf(&b, "\ns%[1]d = n%[1]d\n", i)
	}
	b.WriteString("spike = fires(n0")
	for i := range 499 {
		fmt.Fprintf(&b, " + n%d", i+1)
	}
	b.WriteString(", 1)")
	start := time.Now()
	k := mustParse(t, b.String(), Declaration{Params: []string{"p"}})
	require.Greater(t, len(k.Program().Values), 9_500)
	require.Greater(t, len(k.Backward().Program().Values), 10_000)
	require.True(t, time.Since(start) < 10*time.Second || !slowtest.Wanted())
}

// Exponentials and logarithms are not more than they count as.
func TestCosts(t *testing.T) {
	for name, cost := range map[string]int{"exp": expCost, "log": logCost} {
		p := mustParse(t, "spike = "+name+"(x)", Declaration{}).Expanded()
		operations := 0
		for i := range p.Values {
			if !p.IsLeaf(i) {
				operations++
			}
		}
		require.LessOrEqual(t, operations, cost, name)
	}
}

// The same text gives the same error, whatever the order of maps.
func TestErrorsAreDeterministic(t *testing.T) {
	for _, text := range []string{"spike = x > abd", "a = x; b = x; c = x; spike = x > 1", "spike = x > fire(x)"} {
		_, first := Parse("neuron", text, lif)
		for range 20 {
			_, err := Parse("neuron", text, lif)
			require.Equal(t, first, err)
		}
	}
}
