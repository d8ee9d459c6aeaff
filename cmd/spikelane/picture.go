package main

import (
	"context"
	"fmt"
	"image"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/tensor"
)

// draw writes the learning curve.
func (c *curve) draw(path string) error {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = "learning", "epochs", "share"
	p.Y.Min, p.Y.Max = 0, 1
	var loss, accuracy plotter.XYs
	for _, q := range c.points {
		loss = append(loss, plotter.XY{X: q.epoch, Y: q.loss})
		accuracy = append(accuracy, plotter.XY{X: q.epoch, Y: q.accuracy})
		p.Y.Max = max(p.Y.Max, q.loss)
	}
	for _, line := range []struct {
		name string
		xy   plotter.XYs
		hue  color.Color
	}{{"right answers", accuracy, color.RGBA{B: 200, A: 255}}, {"loss", loss, color.RGBA{R: 200, A: 255}}} {
		if len(line.xy) == 0 {
			continue
		}
		l, err := plotter.NewLine(line.xy)
		if err != nil {
			return err
		}
		l.Color = line.hue
		p.Add(l)
		p.Legend.Add(line.name, l)
	}
	p.Add(plotter.NewGrid())
	return p.Save(16*vg.Centimeter, 10*vg.Centimeter, path)
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
	out, err := m.Run(ctx, m.NewState(1), b.Inputs...)
	if err != nil {
		return err
	}
	plots := []*plot.Plot{picture(digits)}
	for _, name := range m.Graph().Layers() {
		s, ok := out.Layer(name).(*tensor.Spikes)
		if !ok || s.Count() == 0 {
			continue
		}
		p, err := raster(name, s)
		if err != nil {
			return err
		}
		plots = append(plots, p)
	}
	canvas := vgimg.New(vg.Length(len(plots))*10*vg.Centimeter, 10*vg.Centimeter)
	tiles := draw.Tiles{Rows: 1, Cols: len(plots), PadX: vg.Centimeter, PadTop: vg.Millimeter, PadBottom: vg.Millimeter}
	for i, c := range plot.Align([][]*plot.Plot{plots}, tiles, draw.New(canvas))[0] {
		plots[i].Draw(c)
	}
	return writeFile(path, vgimg.PngCanvas{Canvas: canvas})
}

// picture is the digit.
func picture(d digitSource) *plot.Plot {
	img := image.NewGray(image.Rect(0, 0, d.Cols, d.Rows))
	for i, v := range d.Image(0) {
		img.Pix[i] = 255 - v
	}
	p := plot.New()
	p.Title.Text = fmt.Sprintf("a %d", d.labels[0])
	p.HideAxes()
	p.Add(plotter.NewImage(img, 0, 0, float64(d.Cols), float64(d.Rows)))
	return p
}

// raster is a point for each spike of a layer.
func raster(name string, s *tensor.Spikes) (*plot.Plot, error) {
	var points plotter.XYs
	for t := range s.T {
		for i := range s.Features.Size() {
			if s.At(t, 0, i) {
				points = append(points, plotter.XY{X: float64(t), Y: float64(i)})
			}
		}
	}
	sc, err := plotter.NewScatter(points)
	if err != nil {
		return nil, err
	}
	sc.GlyphStyle = draw.GlyphStyle{Color: color.Black, Radius: vg.Points(1), Shape: draw.BoxGlyph{}}
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = name, "step", "neuron"
	p.Add(sc)
	return p, nil
}
