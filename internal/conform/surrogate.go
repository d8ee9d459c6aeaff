package conform

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/vectors"
	"github.com/spikelane/spikelane/tensor"
)

// leastNormal is the least number that frameworks which flush denormals to
// zero tell from it.
const leastNormal = 1.2e-38

// wraps is from how many spikes on Rockpool's counts, 32-bit integers before
// they are bounded, wrap around.
const wraps = 1 << 31

// grid are the tensors of a surrogate case.
type grid struct {
	x, y, d, formula *tensor.Tensor // y is nil where it is drawn
	ok               []int64
}

func readGrid(c *vectors.Case) (*grid, error) {
	g := &grid{}
	names := map[string]**tensor.Tensor{"x": &g.x, "d": &g.d, "d_ref": &g.formula}
	if c.Has("y") {
		names["y"] = &g.y
	}
	var err error
	for name, to := range names {
		if *to, err = c.Tensor(name); err != nil {
			return nil, err
		}
	}
	if g.ok, _, err = c.Int64s("ok"); err != nil {
		return nil, err
	}
	for name, t := range names {
		if err := likes(name, *t, g.x.Shape); err != nil {
			return nil, err
		}
	}
	if len(g.ok) != len(g.x.Data) {
		return nil, fmt.Errorf("%w: there are %d ok for %d places", vectors.ErrCase, len(g.ok), len(g.x.Data))
	}
	return g, nil
}

// surrogate compares the derivative over the grid of the case with its formula,
// that with the framework's own where it is right, and the spikes.
func (r *comparison) surrogate(c *vectors.Case) error {
	s, err := Surrogate(c)
	if err != nil {
		return err
	}
	g, err := readGrid(c)
	if err != nil {
		return err
	}
	if (s.Neuron == nil) != (g.y == nil) {
		return fmt.Errorf("%w: spikes are there: %v", vectors.ErrCase, g.y != nil)
	}
	if s.Neuron != nil {
		if err := r.fires(c, s, g); err != nil {
			return err
		}
	}
	if err := r.odd(c, g, s.Threshold); err != nil {
		return err
	}
	var arguments, want []float32
	for i, v := range g.x.Data {
		d := g.formula.Data[i]
		if withinReach(c.Name, v, s.Threshold) && !math.IsInf(float64(d), 0) {
			arguments, want = append(arguments, argument(c.Name, v, s.Threshold)), append(want, d)
		}
	}
	if len(want) == 0 {
		return fmt.Errorf("there is nothing to compare")
	}
	got := make([]float32, len(arguments))
	s.Derivative(got, arguments)
	r.Derivatives += len(want)
	r.within("derivative", 0, r.tol["d"], want, got)
	return r.finish(s.Neuron != nil)
}

// odd wants every place where the framework's derivative is not the formula to
// be marked, and listed with both.
func (r *comparison) odd(c *vectors.Case, g *grid, threshold float32) error {
	list := c.Meta.Objects("odd")
	k := 0
	for i, ok := range g.ok {
		d, formula := float64(g.d.Data[i]), float64(g.formula.Data[i])
		good := math.Abs(d-formula) <= r.tol["d"]*max(1, math.Abs(formula)) && withinReach(c.Name, g.x.Data[i], threshold)
		if good != (ok == 1) || ok != 0 && ok != 1 {
			return fmt.Errorf("%w: ok[%d] is %d: the derivative is %v, by the formula %v", vectors.ErrCase, i, ok, d, formula)
		}
		if good {
			continue
		}
		if k == len(list) {
			return fmt.Errorf("%w: place %d is not among the odd", vectors.ErrCase, i)
		}
		o := list[k]
		k++
		x, err := strconv.ParseFloat(o.Text("hex"), 64)
		if err != nil || float32(x) != g.x.Data[i] || o.Number("x") != x || !sameNumber(o, "d", d) || !sameNumber(o, "d_ref", formula) {
			return fmt.Errorf("%w: odd[%d] is not what is at place %d", vectors.ErrCase, k-1, i)
		}
	}
	if k != len(list) {
		return fmt.Errorf("%w: %d places are odd, %d are listed", vectors.ErrCase, k, len(list))
	}
	return nil
}

// sameNumber reports whether an entry is a number, as a number or in words,
// rounded to float32.
func sameNumber(o *vectors.Fields, name string, want float64) bool {
	var got float64
	if _, isText := o.Peek(name).(string); isText {
		got, _ = strconv.ParseFloat(o.Text(name), 64)
	} else {
		got = o.Number(name)
	}
	return float64(float32(got)) == want || math.IsNaN(got) && math.IsNaN(want)
}

// fires compares the spikes: zero or one where the framework may take a
// subnormal number for zero.
func (r *comparison) fires(c *vectors.Case, s *SpikeFunction, g *grid) error {
	far := reach(c.Name, s.Threshold)
	if strings.HasSuffix(c.Name, "StepPWL") {
		far = wraps * s.Threshold
	}
	var arguments, spikes []float32
	for i, v := range g.x.Data {
		y := g.y.Data[i]
		switch {
		case v != 0 && math.Abs(float64(v)) < leastNormal:
			if y != 0 && y != 1 {
				return fmt.Errorf("%w: y[%d] is %v", vectors.ErrCase, i, y)
			}
		case v <= far:
			arguments, spikes = append(arguments, v), append(spikes, y)
		}
	}
	gr, err := forward.New(forward.Spec{
		Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{len(arguments)}}},
		Layers: []forward.Node{{Name: "n", Layer: s.Neuron}},
	})
	if err != nil {
		return err
	}
	m, err := gr.Load(nil)
	if err != nil {
		return err
	}
	y, err := m.Step(m.NewState(1), tensor.Of(arguments, 1, 1, len(arguments)))
	if err != nil {
		return err
	}
	r.spikes("spikes", 0, spikes, y.Dense().Data)
	return nil
}

// argument is where the derivative is taken. A function with the period of the
// threshold is taken in its first period, since the float32 next to a large
// distance says less of the place in the period than the case does.
func argument(name string, v, threshold float32) float32 {
	if isPeriodic(name) && v >= threshold {
		return float32(math.Mod(float64(v)-float64(threshold), float64(threshold)))
	}
	return distance(v, threshold)
}

func isPeriodic(name string) bool { return strings.HasSuffix(name, "PeriodicExponential") }

// distance is v - threshold, rounded down: it is on the same side of every
// number as the exact difference.
func distance(v, threshold float32) float32 {
	x := v - threshold
	if float64(x)+float64(threshold) > float64(v) {
		x = math.Nextafter32(x, float32(math.Inf(-1)))
	}
	return x
}

// withinReach reports whether the case's derivative is right at an argument.
func withinReach(name string, v, threshold float32) bool {
	far := reach(name, threshold)
	return v <= far && (isPeriodic(name) || -v <= far)
}

// reach is how far from 0 the arguments of a periodic function say where in
// the period they are; Norse clips those of circ_dist. That of others has no
// bound.
func reach(name string, threshold float32) float32 {
	switch {
	case strings.HasSuffix(name, "SquarewaveFourierSeries"):
		return 100
	case isPeriodic(name):
		return 1000 * threshold
	case strings.HasSuffix(name, "circ_dist"):
		return 1e4
	}
	return float32(math.Inf(1))
}
