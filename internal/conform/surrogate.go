package conform

import (
	"math"
	"strings"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/golden"
	"github.com/spikelane/spikelane/tensor"
)

// leastNormal is the least number that frameworks which flush denormals to
// zero tell from it.
const leastNormal = 1.2e-38

// wraps is from how many spikes on Rockpool's counts, 32-bit integers before
// they are bounded, wrap around.
const wraps = 1 << 31

// surrogate compares the derivative over the grid of the case with its
// formula, where the framework's own is right, and the spikes.
func (r *comparison) surrogate(c *golden.Case) error {
	var tol struct{ D float64 }
	if err := c.Meta("tol", &tol); err != nil {
		return err
	}
	r.states = tol.D
	s, err := c.Surrogate()
	if err != nil {
		return err
	}
	x, err := c.Tensor("x")
	if err != nil {
		return err
	}
	if s.Neuron != nil {
		if err := r.fires(c, s, x.Data); err != nil {
			return err
		}
	}
	want, err := c.Tensor("d_ref")
	if err != nil {
		return err
	}
	ok, _, err := c.Int64s("ok")
	if err != nil {
		return err
	}
	far := reach(c.Name, s.Threshold)
	arguments, want32 := make([]float32, 0, len(x.Data)), make([]float32, 0, len(x.Data))
	for i, v := range x.Data {
		if ok[i] == 1 && v <= far && -v <= far {
			arguments, want32 = append(arguments, argument(c.Name, v, s.Threshold)), append(want32, want.Data[i])
		}
	}
	got := make([]float32, len(arguments))
	s.Func.Derivative(got, arguments)
	r.numbers("derivative", 0, want32, got)
	return r.finish(s.Neuron != nil)
}

// fires compares the spikes.
func (r *comparison) fires(c *golden.Case, s *golden.Surrogate, x []float32) error {
	want, err := c.Tensor("y")
	if err != nil {
		return err
	}
	far := reach(c.Name, s.Threshold)
	if strings.HasSuffix(c.Name, "StepPWL") {
		far = wraps * s.Threshold
	}
	arguments, spikes := make([]float32, 0, len(x)), make([]float32, 0, len(x))
	for i, v := range x {
		if (v == 0 || math.Abs(float64(v)) >= leastNormal) && v <= far {
			arguments, spikes = append(arguments, v), append(spikes, want.Data[i])
		}
	}
	g, err := forward.New(forward.Spec{
		Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{len(arguments)}}},
		Layers: []forward.Node{{Name: "n", Layer: s.Neuron}},
	})
	if err != nil {
		return err
	}
	m, err := g.Load(nil)
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

// reach is how far from 0 the arguments of a periodic function say where in
// the period they are; that of others has no bound.
func reach(name string, threshold float32) float32 {
	switch {
	case strings.HasSuffix(name, "SquarewaveFourierSeries"):
		return 100
	case isPeriodic(name):
		return 1000 * threshold
	}
	return float32(math.Inf(1))
}
