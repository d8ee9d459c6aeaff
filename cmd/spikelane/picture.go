package main

import (
	"context"
	"fmt"

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

// drawRaster writes a picture of the first test digit and of the spikes that
// it causes, layer by layer.
func drawRaster(ctx context.Context, path string, m *forward.Model, digits digitSource) error {
	const shown = 25 // steps
	digits.steps = shown
	b, err := digits.Batch([]int{0}, -1)
	if err != nil {
		return err
	}
	m = m.With(forward.Record(m.Graph().Layers()...))
	state, err := m.StateFor(1)
	if err != nil {
		return err
	}
	out, err := m.Run(ctx, state, b.Inputs...)
	if err != nil {
		return err
	}
	digit := picture.Panel{Title: fmt.Sprintf("a %d", digits.labels[0])}
	for row := range digits.Rows {
		digit.Grey = append(digit.Grey, digits.Image(0)[row*digits.Cols:(row+1)*digits.Cols])
	}
	panels := []picture.Panel{digit}
	for _, name := range m.Graph().Layers() {
		if s, ok := out.Layer(name).(*tensor.Spikes); ok && s.Count() > 0 {
			panels = append(panels, raster(name, s))
		}
	}
	return atomicfile.Write(path, picture.SVG(panels...))
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
