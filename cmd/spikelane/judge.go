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
	if len(in) != 1 {
		return fmt.Errorf("%s: it has %d inputs, and a picture is one", r.Model, len(in))
	}
	source, err := fit(digitSource{d, digitSteps, nil}, m.Graph())
	if err != nil {
		return fmt.Errorf("%s: %w", r.Model, err)
	}
	start := time.Now()
	result, err := train.Judge(ctx, m.With(forward.Workers(r.Workers)), train.CrossEntropy{Reduction: train.ReductionMean}, source, 250)
	if err != nil {
		return err
	}
	seconds := time.Since(start).Seconds()
	printf("accuracy  %.2f %% of %d test digits, %d steps each, %.0f digits/s\n", 100*result.Accuracy(), d.Count, digitSteps, float64(d.Count)/seconds)
	printDoubts(result)
	return nil
}

// printDoubts says which samples have no class, or more than one.
func printDoubts(r train.Result) {
	if r.Undecided > 0 {
		printf("undecided %d of %d, whose outputs are not a number: they count as wrong\n", r.Undecided, r.Samples)
	}
	if r.Tied > 0 {
		printf("tied      %d of %d, whose best score several classes share: the lowest is the answer\n", r.Tied, r.Samples)
	}
}
