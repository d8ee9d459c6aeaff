package main

import (
	"context"

	"github.com/spikelane/spikelane/dataset"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/atomicfile"
	"github.com/spikelane/spikelane/internal/picture"
	"github.com/spikelane/spikelane/tensor"
)

// draw writes the learning curve: what is right, and beside it the loss.
func (c *curve) draw(path string) error {
	right := picture.Panel{Title: "right answers", X: "epochs", Y: "%", High: 100}
	loss := picture.Panel{Title: "loss", X: "epochs", Y: "loss a sample"}
	for _, q := range c.points {
		right.Line = append(right.Line, picture.Point{X: q.epoch, Y: 100 * q.accuracy})
		loss.Line = append(loss.Line, picture.Point{X: q.epoch, Y: q.loss})
		loss.High = max(loss.High, q.loss)
	}
	return atomicfile.Write(path, picture.SVG(right, loss))
}

// drawRaster writes a picture of a digit of a set and of the spikes that it
// causes when it is shown for some steps, layer by layer.
func drawRaster(ctx context.Context, path string, m *forward.Model, set *dataset.Set) error {
	const shown = 25 // steps
	x, err := set.Sample(0)
	if err != nil {
		return err
	}
	shape := set.Input().Shape()
	now := x.Dense().Data[:shape.Size()]
	steps := tensor.New(append(tensor.Shape{shown, 1}, m.Graph().Inputs()[0].Shape...)...)
	for t := range shown {
		copy(steps.Data[t*len(now):], now)
	}
	m = m.With(forward.Record(m.Graph().Layers()...))
	state, err := m.StateFor(1)
	if err != nil {
		return err
	}
	out, err := m.Run(ctx, state, steps)
	if err != nil {
		return err
	}
	panels := []picture.Panel{{Title: "a " + className(set.Input(), set.Class(0)), Grey: greyOf(now, shape)}}
	for _, name := range m.Graph().Layers() {
		if s, ok := out.Layer(name).(*tensor.Spikes); ok && s.Count() > 0 {
			panels = append(panels, raster(name, s))
		}
	}
	return atomicfile.Write(path, picture.SVG(panels...))
}

// greyOf are the rows of a picture of one channel, whose numbers are from 0 to 1.
func greyOf(x []float32, shape tensor.Shape) (rows [][]byte) {
	width := shape[len(shape)-1]
	for at := 0; at < len(x); at += width {
		row := make([]byte, width)
		for i, v := range x[at : at+width] {
			row[i] = byte(float32(v*255) + 0.5)
		}
		rows = append(rows, row)
	}
	return rows
}

// raster is a point for each spike of a layer.
func raster(name string, s *tensor.Spikes) picture.Panel {
	p := picture.Panel{Title: "spikes of " + name, X: "step", Y: "neuron"}
	for t := range s.T {
		for i := range s.Features.Size() {
			if s.At(t, 0, i) {
				p.Dots = append(p.Dots, picture.Point{X: float64(t), Y: float64(i)})
			}
		}
	}
	return p
}
