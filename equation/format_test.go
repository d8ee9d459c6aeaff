package equation

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestText(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		// Only the parentheses that are needed.
		{"spike = ((x) + (x*(x)))/(x - (x - (x))) > -(x)", "spike = (x + x*x)/(x - (x - x)) > -x"},
		{"spike = x*(x*x)/(x/x) < ((x*x)*x)", "spike = x*x*x > x*(x*x)/(x/x)"},
		{"spike = (((x > 1) && (x > 2)) || ((x > 3))) && !(x > 4)", "spike = (x > 1 && x > 2 || x > 3) && !(x > 4)"},
		{"spike = x != 1 && !(!(x == 2))", "spike = x != 1 && !(x != 2)"},
		{"spike = --x - -1 > 0 - 2 - (0 - x*x)", "spike = 0 - -x - -1 > 0 - 2 - (0 - x*x)"},
		// Truth values as numbers.
		{"spike = select(x > 1, 1, 0) + select(x > 2, x, 0)*2 > 0", "spike = (x > 1) + (x > 2)*x*2 > 0"},
		{"spike = select(x > 1, 1, 0)*x > 0", "spike = select(x > 1, 1, 0)*x > 0"},
		{"spike = select(x > 1, x, 1) + select(x > 1, x, -0) > 0", "spike = max(x, 1) + select(x > 1, x, -0) > 0"},
		// Numbers are the shortest that are the same float32.
		{"spike = x + 0.100000001 + 16777217 + 1e-45 + 1000000 + 1e7 > .5", "spike = x + 0.1 + 1.6777216e+07 + 1e-45 + 1e+06 + 1e+07 > 0.5"},
		// Names that are used.
		{"a = x\nb = a*a\nc = b\nspike = fires(c, b + 1)", "b = x*x\nspike = fires(b, b + 1)"},
		{"v = v + x\nspike = fires(v, 1)\nw = w + spike*v", "v = v + x\nspike = fires(v, 1)\nw = w + spike*v"},
		{"s = x > 1\nu = s*u\nspike = s", "s = x > 1\nu = s*u\nspike = s"},
		{"spike = min(x*x, 1) + min(x*x, x + 1)", "spike = min(x*x, 1) + min(x*x, x + 1)"},
		// What a state held before, after it has been set.
		{"old = v\nv = x\nspike = old > 1\nw = old + w", "t1 = v\nv = x\nspike = t1 > 1\nw = t1 + w"},
		{"t1 = v*2\nv = x\nspike = t1 > 1", "t1 = v*2\nv = x\nspike = t1 > 1"},
	} {
		t.Run(c.text, func(t *testing.T) {
			k := mustParse(t, c.text, Declaration{})
			require.Equal(t, c.want, k.Text())
			requireSameProgram(t, k, mustParse(t, k.Text(), k.Declaration()))
		})
	}
}

// Labels that cannot be names, or are those of something else, are replaced.
func TestTextOfLabels(t *testing.T) {
	k := New("neuron", "")
	x, v := k.Input("x"), k.State("v")
	a := Add(x, v).As("x")
	b := Add(a, v).As("a label")
	c := Mul(b, b).As("exp")
	m := Fires(Add(c, Mul(a, a).As("x")), Const(1))
	k.SetState("v", Select(m, c, a))
	k.Spikes("t1", m)
	require.Equal(t, "x_1 = x + v\nt2 = x_1 + v\nexp_1 = t2*t2\nx_2 = x_1*x_1\nt3 = fires(exp_1 + x_2, 1)\nv = select(t3, exp_1, x_1)\nt1 = t3", k.Text())
	requireSameProgram(t, k, mustParse(t, k.Text(), k.Declaration()))
}

// What has no text form is written nevertheless, for the reader.
func TestTextOfWhatIsNotRead(t *testing.T) {
	k := New("unpack", "")
	k.Output("dst", Shl23(Select(k.BitInput("bits"), Const(math.Inf(1)), k.Input("x"))))
	require.Equal(t, "dst = shl23(select(bits, +Inf, x))", k.Text())
	back := mustParse(t, "v = p*v + x\nspike = fires(v, 1)", Declaration{Params: []string{"p"}}).Backward()
	require.Contains(t, back.Text(), ".gp = .gp + ")
}

// growing builds kernels at random.
type growing struct {
	*rand.Rand
	k       *Kernel
	numbers []Float
	truths  []Mask
	tested  bool
}

func (g *growing) number() Float { return g.numbers[g.IntN(len(g.numbers))] }

// recent prefers what is new, so that values become deep.
func (g *growing) recent() Float { return g.numbers[max(len(g.numbers)-1-g.IntN(4), 0)] }

func (g *growing) truth() Mask {
	if len(g.truths) == 0 {
		return GT(g.number(), g.number())
	}
	return g.truths[g.IntN(len(g.truths))]
}

func (g *growing) constant() Float {
	if g.IntN(2) == 0 {
		return Const([]float64{0, 1, -1, 0.5, math.Copysign(0, -1)}[g.IntN(5)])
	}
	for {
		if v := math.Float32frombits(g.Uint32()); v-v == 0 {
			return Const(float64(v))
		}
	}
}

func (g *growing) grow() {
	a, b, m := g.recent(), g.number(), g.truth()
	if g.IntN(3) == 0 {
		a, b = b, a
	}
	var f Float
	switch g.IntN(22) {
	case 0, 1:
		f = Add(a, b)
	case 2:
		f = Sub(a, b)
	case 3, 4:
		f = Mul(a, b)
	case 5:
		f = Div(a, b)
	case 6:
		f = []func(Float) Float{Abs, Sqrt, Floor, Exp, Log, Detach}[g.IntN(6)](a)
	case 7:
		f = Sub(Const(0), a)
	case 8:
		f = Select(m, a, b)
	case 9:
		f = Select(m, a, Const(0))
	case 10:
		f = Select(m, Const(1), Const(0))
	case 11:
		f = Reset(m, a, b)
	case 12:
		f = Jump(m, a)
	case 13:
		f = Min(a, b)
	case 14:
		f = Max(a, g.constant())
	case 15:
		f = g.constant()
	case 16, 17:
		if n := Add(a, b); !g.tested && g.IntN(5) == 0 {
			f, g.tested = n.Staircase(a, b), true
			break
		}
		m = g.test(a, b)
	case 18:
		m = Not(m)
	case 19:
		m = And(m, g.truth())
	case 20:
		m = Or(m, g.truth())
	default:
		m = DetachMask(m)
	}
	label := ""
	if g.IntN(3) == 0 {
		label = []string{"a", "v", "s", "x", "spikes", "t1", "t2", "exp", "two words", ""}[g.IntN(10)]
	}
	if f.n == nil {
		g.truths = append(g.truths, m.As(label))
		return
	}
	if f.n.op > OpState {
		f = f.As(label)
	}
	g.numbers = append(g.numbers, f)
}

func (g *growing) test(a, b Float) Mask {
	if !g.tested && g.IntN(3) == 0 {
		g.tested = true
		return []func(a, b Float) Mask{Fires, FiresAbove}[g.IntN(2)](a, b)
	}
	return []func(a, b Float) Mask{GE, GT, EQ}[g.IntN(3)](a, b)
}

// drawKernel is a kernel of some operations that reads all that it declares.
func drawKernel(seed uint64) *Kernel {
	g := &growing{Rand: rand.New(rand.NewPCG(seed, 7)), k: New("drawn", "")}
	states := []string{"v", "u", "s", "w"}[:1+g.IntN(4)]
	for i := range g.IntN(3) {
		g.numbers = append(g.numbers, g.k.Param(fmt.Sprint("p", i)))
	}
	g.numbers = append(g.numbers, g.k.Input("x"))
	read := g.numbers[0]
	for _, n := range g.numbers[1:] {
		read = Add(read, n)
	}
	for _, s := range states {
		g.numbers = append(g.numbers, g.k.State(s))
	}
	for range 1 + g.IntN(1<<(1+g.IntN(8))) {
		g.grow()
	}
	g.Shuffle(len(states), func(i, j int) { states[i], states[j] = states[j], states[i] })
	for i, s := range states {
		g.k.SetState(s, g.recent())
		if i == 0 {
			g.k.Spikes("spikes", g.truth())
		}
		if g.IntN(2) == 0 {
			g.k.Output(fmt.Sprint("out", i), g.number())
		}
	}
	g.k.Output("all", Add(read, g.recent()))
	return g.k
}

// Any kernel is what its text says.
func TestTextOfAnyKernel(t *testing.T) {
	spikes, olds := 0, 0
	for seed := range uint64(3000) {
		k := drawKernel(seed)
		text := k.Text()
		got, err := Parse(k.Name, text, k.Declaration())
		require.NoError(t, err, "%d:\n%s", seed, text)
		requireSameProgram(t, k, got)
		require.Equal(t, text, got.Text(), seed)
		if strings.Contains(text, "fires") {
			spikes++
		}
		for _, s := range []string{"v", "u", "s", "w"} {
			if strings.Contains(text, " = "+s+"\n") {
				olds++
			}
		}
	}
	require.Greater(t, spikes, 100)
	require.Greater(t, olds, 100)
}
