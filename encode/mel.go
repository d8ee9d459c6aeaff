package encode

import (
	"fmt"
	"math"

	"github.com/spikelane/spikelane/internal/detmath"
	"github.com/spikelane/spikelane/tensor"
)

// Mel is a bank of triangular filters, evenly spaced on the mel scale
// 2595*log10(1 + f/700), over the power spectrum of overlapping frames.
type Mel struct {
	Rate      int     // samples a second
	Frame     int     // samples, a power of 2
	Hop       int     // samples from one frame to the next
	Bands     int     // filters
	Low, High float64 // Hz; High 0 is half of Rate
	window    []float64
	cos, sin  []float64
	filters   [][]weight
}

// weight is what a filter takes of a frequency.
type weight struct {
	bin  int
	part float64
}

// NewMel checks the options and prepares the filters.
func NewMel(m Mel) (*Mel, error) {
	if m.High == 0 {
		m.High = float64(m.Rate) / 2
	}
	if m.Rate < 1 || m.Frame < 4 || m.Frame&(m.Frame-1) != 0 || m.Frame > 1<<16 || m.Hop < 1 || m.Bands < 1 || m.Bands > m.Frame/2 ||
		!(m.Low >= 0 && m.Low < m.High && m.High <= float64(m.Rate)/2) {
		return nil, fmt.Errorf("encode: %w: a filter bank of %d bands from %v to %v Hz, frames of %d every %d at %d Hz",
			tensor.ErrShape, m.Bands, m.Low, m.High, m.Frame, m.Hop, m.Rate)
	}
	for i := range m.Frame {
		angle := 2 * math.Pi * float64(i) / float64(m.Frame)
		m.cos, m.sin = append(m.cos, detmath.Cos(angle)), append(m.sin, detmath.Sin(angle))
		m.window = append(m.window, 0.5-float64(0.5*m.cos[i])) // Hann
	}
	low, high := mel(m.Low), mel(m.High)
	edge := func(k int) float64 { // in bins
		at := low + float64((high-low)*float64(k))/float64(m.Bands+1)
		return hertz(at) * float64(m.Frame) / float64(m.Rate)
	}
	for k := range m.Bands {
		left, top, right := edge(k), edge(k+1), edge(k+2)
		var f []weight
		for bin := 0; bin <= m.Frame/2; bin++ {
			part := min((float64(bin)-left)/(top-left), (right-float64(bin))/(right-top))
			if part > 0 {
				f = append(f, weight{bin, part})
			}
		}
		if f == nil { // narrower than a bin
			f = []weight{{int(top + 0.5), 1}}
		}
		m.filters = append(m.filters, f)
	}
	return &m, nil
}

func mel(f float64) float64   { return float64(1127.01048 * detmath.Log(1+f/700)) }
func hertz(m float64) float64 { return float64(700 * (detmath.Exp(m/1127.01048) - 1)) }

// Energies is log(1e-6 + energy) of every band in every whole frame, [T, 1,
// Bands]. Samples that are not finite make the frames NaN that they lie in.
func (m *Mel) Energies(samples []float32) *tensor.Tensor {
	steps := 0
	if len(samples) >= m.Frame {
		steps = (len(samples)-m.Frame)/m.Hop + 1
	}
	x := tensor.New(steps, 1, m.Bands)
	re, im := make([]float64, m.Frame), make([]float64, m.Frame)
	for t := range steps {
		for i, v := range samples[t*m.Hop:][:m.Frame] {
			re[i], im[i] = float64(v)*m.window[i], 0
		}
		m.transform(re, im)
		for k, f := range m.filters {
			sum := 0.0
			for _, w := range f {
				power := float64(re[w.bin]*re[w.bin]) + float64(im[w.bin]*im[w.bin])
				sum += float64(w.part * power)
			}
			x.Data[t*m.Bands+k] = float32(detmath.Log(1e-6 + sum))
		}
	}
	return x
}

// transform is the discrete Fourier transform in place (Cooley and Tukey).
func (m *Mel) transform(re, im []float64) {
	n := len(re)
	for i, j := 1, 0; i < n; i++ {
		bit := n >> 1
		for ; j&bit != 0; bit >>= 1 {
			j ^= bit
		}
		j ^= bit
		if i < j {
			re[i], re[j], im[i], im[j] = re[j], re[i], im[j], im[i]
		}
	}
	for size := 2; size <= n; size <<= 1 {
		half, step := size/2, n/size
		for start := 0; start < n; start += size {
			for k := range half {
				c, s := m.cos[k*step], m.sin[k*step]
				a, b := start+k, start+k+half
				x := float64(re[b]*c) + float64(im[b]*s)
				y := float64(im[b]*c) - float64(re[b]*s)
				re[a], re[b] = re[a]+x, re[a]-x
				im[a], im[b] = im[a]+y, im[a]-y
			}
		}
	}
}
