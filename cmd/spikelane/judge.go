package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/train"
)

// digitSteps is how many steps the presets of the demo see a digit.
const digitSteps = 5

// judge runs a model over MNIST's test digits.
func (r run) judge(ctx context.Context, m *forward.Model) error {
	dir, err := mnistFolder(r.Data)
	if err != nil {
		return err
	}
	d, err := readDigits(dir, "t10k")
	if err != nil {
		return err
	}
	in := m.Graph().Inputs()
	if len(in) != 1 || in[0].Shape.Size() != d.Rows*d.Cols {
		return fmt.Errorf("%s: its input is not a picture of %d x %d", r.Model, d.Rows, d.Cols)
	}
	start := time.Now()
	source := digitSource{d, digitSteps, in[0].Shape}
	accuracy, _, err := train.Evaluate(ctx, m.With(forward.Workers(r.Workers)), train.CrossEntropy{Over: train.Mean}, source, 250)
	if err != nil {
		return err
	}
	seconds := time.Since(start).Seconds()
	fmt.Printf("accuracy  %.2f %% of %d test digits, %d steps each, %.0f digits/s\n", 100*accuracy, d.Count, digitSteps, float64(d.Count)/seconds)
	return nil
}
