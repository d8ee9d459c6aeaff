// Package surrogate holds spike functions: a step, which has no useful
// derivative, together with the derivative that training uses in its place.
//
// Frameworks use one name for different functions; here each function has its
// own name, and its documentation says whose it is, in which version, and with
// which parameters.
//
//	here                         there                                                     derivative at x
//	SuperSpike(beta)             SNNAX superspike                                          1 / (beta*|x| + 1)
//	Sigmoid(beta)                SNNAX sigmoid; snnTorch sigmoid (25); SpikingJelly        beta*s*(1-s), s the logistic function
//	                             Sigmoid (4)
//	Piecewise(beta)              SNNAX piecewise as documented; as coded: Box(1, beta, 0)  1 if |x| <= beta
//	ATan(alpha)                  snnTorch atan; SpikingJelly and jaxpike ATan              alpha/2 / (1 + (pi/2*alpha*x)^2)
//	Cauchy(k)                    spyx arctan                                               1 / (pi*(1 + (k*pi*x)^2))
//	FastSigmoid(slope)           snnTorch fast_sigmoid; jaxpike FastSigmoid; spyx          1 / (1 + slope*|x|)^2
//	                             superspike; Norse super (slope 1)
//	SoftSign(alpha)              SpikingJelly SoftSign                                     alpha/2 / (1 + alpha*|x|)^2
//	SuperSpikeScaled(alpha)      SpikingJelly SuperSpike                                   alpha / (1 + |x|)^2
//	NonzeroSignLogAbs(alpha)     SpikingJelly NonzeroSignLogAbs                            1 / (1/alpha + |x|)
//	Circ(alpha)                  Norse circ, circ_dist                                     alpha^3 / (alpha^2 + x^2)^1.5
//	QPseudoSpike(alpha)          SpikingJelly QPseudoSpike                                 (1 + 2/(alpha-1)*|x|)^-alpha
//	SquarewaveFourier(n, T)      SpikingJelly SquarewaveFourierSeries                      4/T * sum of cosines
//	Triangle(height, slope)      spyx triangular (1, k); Norse triangle (alpha, 1);        height*max(0, 1 - slope*|x|)
//	                             SpikingJelly PiecewiseQuadratic (alpha, alpha); jaxpike
//	                             Triangular (1/w, 1/w); mlGeNN
//	Exponential(height, rate)    SpikingJelly PiecewiseExp; sinabs SingleExponential;      height*exp(-rate*|x|)
//	                             Lava-DL
//	SpikeRateEscape(beta, slope) snnTorch spike_rate_escape                                slope*exp(-beta*|x-1|)
//	Tanh(k)                      Norse tanh, logistic; spyx tanh                           1 - tanh(k*x)^2
//	Erf(alpha)                   SpikingJelly Erf                                          alpha/sqrt(pi)*exp(-(alpha*x)^2)
//	HeaviErfc(alpha)             Norse heavi_erfc                                          2/sqrt(pi)*exp(-(alpha*x)^2)
//	Gaussian(mu, sigma)          sinabs Gaussian                                           a normal density
//	MultiGaussian(...)           sinabs MultiGaussian; slax multi_gauss                    three normal densities
//	PeriodicExponential(w, th)   sinabs PeriodicExponential                                a bell at every multiple of th
//	OneSided(window, th)         sinabs Heaviside; Rockpool StepPWL                        1/th if x >= -window
//	Box(height, half, out)       SpikingJelly Rect, PiecewiseLeakyReLU; spyx boxcar        height if |x| < half, else out
//	BoxHalfEdge(width)           jaxpike Boxcar                                            1/width if |x| < width/2
//	StraightThrough()            snnTorch straight_through_estimator; SpikingJelly         1
//	                             DeterministicPass
//	SignedThreshold(th)          snnTorch triangular                                       th if x < 0, else -th
//	LeakySpike(slope)            snnTorch LSO, heaviside (0)                               1 if x > 0, else slope
//	LeakyKReLU(leak, k)          SpikingJelly LeakyKReLU                                   k if x >= 0, else leak
//	LogTailedReLU(alpha)         SpikingJelly LogTailedReLU                                1, or 1/x beyond 1, or alpha
//	FakeNumericalGradient(a)     SpikingJelly FakeNumericalGradient                        min(1/|x|, a)
//	ShiftedFastSigmoid(k, b)     snnTorch SFS                                              FastSigmoid(k) if x > b
//	S2NN(alpha, beta)            SpikingJelly S2NN                                         Sigmoid below, beta/(x+1) above
//
// x is the distance of the membrane from its threshold.
package surrogate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/spikelane/spikelane/simd"
)

// Func is a spike function. The zero value stands for a layer's default.
type Func struct {
	id     id
	p      [maxParameters]float32
	scale  float32 // of the distance; 0 for 1
	levels levels
}

type id uint8

const maxParameters = 5

const errNone = "surrogate: the zero Func has no derivative"

// ErrSurrogate is wrapped by errors about unknown functions and parameters out
// of range.
var ErrSurrogate = errors.New("surrogate")

type function struct {
	name       string
	parameters []parameter
}

type parameter struct {
	name     string
	standard float32 // the default
	low      float64 // it is above low
	high     float64 // and up to high
}

// IsZero reports whether f is the zero value.
func (f Func) IsZero() bool { return f == Func{} }

// Name is the name of the function, without its parameters; that of the zero
// value is empty.
func (f Func) Name() string { return table[f.id].name }

// Or is f, or standard if f is the zero value.
func (f Func) Or(standard Func) Func {
	if f.IsZero() {
		return standard
	}
	return f
}

// String is the name and the parameters, as in Go.
func (f Func) String() string {
	var b bytes.Buffer
	b.WriteString(table[f.id].name + "(")
	for i := range table[f.id].parameters {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprint(&b, f.p[i])
	}
	b.WriteString(")")
	if f.scale != 0 {
		fmt.Fprintf(&b, ".Scaled(%v)", f.scale)
	}
	b.WriteString([]string{"", ".Relative()", ".PerThreshold()"}[f.levels])
	return b.String()
}

// Spike stores 1 where x >= 0 and 0 elsewhere; NaN never spikes. dst and x may
// be the same slice; it panics if their lengths differ.
func (f Func) Spike(dst, x []float32) { simd.Spike(dst, x) }

// Check reports parameters out of range.
func (f Func) Check() error {
	for i, p := range table[f.id].parameters {
		v := float64(f.p[i])
		if !(v > p.low && v <= p.high) {
			return fmt.Errorf("%w: %v: %s is out of range", ErrSurrogate, f, p.name)
		}
	}
	if !(f.scale >= 0 && f.scale <= math.MaxFloat32) {
		return fmt.Errorf("%w: %v: scale is out of range", ErrSurrogate, f)
	}
	return nil
}

// MarshalJSON writes the name and the parameters as one object.
func (f Func) MarshalJSON() ([]byte, error) {
	if f.IsZero() {
		return []byte("null"), nil
	}
	fields := map[string]any{"name": table[f.id].name}
	for i, p := range table[f.id].parameters {
		fields[p.name] = f.p[i]
	}
	if f.scale != 0 {
		fields[scaleKey] = f.scale
	}
	if f.levels != absolute {
		fields[levelsKey] = levelNames[f.levels]
	}
	return json.Marshal(fields)
}

// UnmarshalJSON reads what [Func.MarshalJSON] writes; a parameter that is not
// there has its default.
func (f *Func) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*f = Func{}
		return nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return fmt.Errorf("%w: %w", ErrSurrogate, err)
	}
	var name string
	if err := json.Unmarshal(fields["name"], &name); err != nil {
		return fmt.Errorf("%w: no name", ErrSurrogate)
	}
	delete(fields, "name")
	for i, fn := range table {
		if fn.name == "" || fn.name != name {
			continue
		}
		g := Func{id: id(i)}
		for k, p := range fn.parameters {
			g.p[k] = p.standard
			if raw, ok := fields[p.name]; ok {
				if err := json.Unmarshal(raw, &g.p[k]); err != nil {
					return fmt.Errorf("%w: %s: %s: %w", ErrSurrogate, name, p.name, err)
				}
				delete(fields, p.name)
			}
		}
		if err := g.unmarshalLevels(fields); err != nil {
			return err
		}
		for unknown := range fields {
			return fmt.Errorf("%w: %s has no parameter %q", ErrSurrogate, name, unknown)
		}
		*f = g
		return f.Check()
	}
	return fmt.Errorf("%w: no function is named %q", ErrSurrogate, name)
}
