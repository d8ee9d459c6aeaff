// Command sweeps measures how the time of a network grows with steps, samples,
// density and width, and draws it:
//
//	go run ./bench/sweeps --out DIR
//
// For every sweep it prints a table and the slope of the time over the size, in
// logarithms: 1 is linear.
package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/alecthomas/kong"

	"github.com/spikelane/spikelane/bench/clock"
	"github.com/spikelane/spikelane/bench/machine"
	"github.com/spikelane/spikelane/bench/work"
	"github.com/spikelane/spikelane/internal/atomicfile"
	"github.com/spikelane/spikelane/internal/picture"
)

type options struct {
	Each time.Duration `default:"200ms" help:"How long to measure each point."`
	Out  string        `help:"A directory for the pictures; none are drawn without."`
}

// sweep is a size that grows while others stay.
type sweep struct {
	name, axis string
	sizes      []float64
	prepare    func(size float64) (*work.Work, error)
	// per is what must grow linearly: the size, or for the width its square, the
	// number of weights; of densities, the synaptic operations.
	per func(size float64, w *work.Work) float64
}

func itself(size float64, _ *work.Work) float64 { return size }

var sweeps = []sweep{
	{"steps", "steps of 32 samples", []float64{10, 30, 100, 300, 1000, 3000}, func(n float64) (*work.Work, error) {
		return work.Infer(work.Sizes, int(n), 32, work.Rate, 1)
	}, itself},
	{"batch", "samples of 100 steps", []float64{1, 3, 10, 30, 100, 300}, func(n float64) (*work.Work, error) {
		return work.Infer(work.Sizes, work.Steps, int(n), work.Rate, 1)
	}, itself},
	{"density", "synaptic operations of inputs at 0.1 to 40 %", []float64{0.001, 0.003, 0.01, 0.03, 0.1, 0.4}, func(d float64) (*work.Work, error) {
		return work.Infer([]int{700, 256}, work.Steps, 32, d, 1)
	}, func(_ float64, w *work.Work) float64 { return w.Synapses }},
	{"width", "weights of a layer of 128 to 4096 neurons", []float64{128, 256, 512, 1024, 2048, 4096}, func(n float64) (*work.Work, error) {
		return work.Infer([]int{int(n), int(n)}, work.Steps, 8, work.Rate, 1)
	}, func(n float64, _ *work.Work) float64 { return n * n }},
	{"training", "samples of a training step", []float64{8, 16, 32, 64, 128, 256}, func(n float64) (*work.Work, error) {
		return work.Train(int(n), 1)
	}, itself},
}

func main() {
	var o options
	kong.Parse(&o, kong.Description("How time grows with size."))
	fmt.Printf("%s\n\n", machine.String())
	if o.Out != "" {
		if err := os.MkdirAll(o.Out, 0o755); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	for _, s := range sweeps {
		if err := o.run(s); err != nil {
			fmt.Fprintln(os.Stderr, s.name+":", err)
			os.Exit(1)
		}
	}
}

func (o options) run(s sweep) error {
	fmt.Printf("| %s | %s | ms | ns for one |\n|---|---|---|---|\n", s.name, s.axis)
	var points []picture.Point
	for _, size := range s.sizes {
		w, err := s.prepare(size)
		if err != nil {
			return err
		}
		var failed error
		d := clock.Median(func() {
			if err := w.Run(); err != nil {
				failed = err
			}
		}, o.Each)
		if failed != nil {
			return failed
		}
		x := s.per(size, w)
		points = append(points, picture.Point{X: x, Y: d.Seconds() * 1e3})
		fmt.Printf("| %g | %.4g | %.4g | %.4g |\n", size, x, d.Seconds()*1e3, float64(d.Nanoseconds())/x)
	}
	fmt.Printf("\nslope %.2f\n\n", slope(points))
	if o.Out == "" {
		return nil
	}
	return draw(filepath.Join(o.Out, s.name+".svg"), s, points)
}

// slope is that of the least squares, in logarithms.
func slope(points []picture.Point) float64 {
	var mx, my, xy, xx float64
	for _, p := range points {
		mx += math.Log(p.X) / float64(len(points))
		my += math.Log(p.Y) / float64(len(points))
	}
	for _, p := range points {
		dx := math.Log(p.X) - mx
		xy += dx * (math.Log(p.Y) - my)
		xx += dx * dx
	}
	return xy / xx
}

func draw(path string, s sweep, points []picture.Point) error {
	title := fmt.Sprintf("time over %s, slope %.2f", s.name, slope(points))
	return atomicfile.Write(path, picture.SVG(picture.Panel{Title: title, X: s.axis, Y: "ms", Log: true, Line: points, Dots: points}))
}
