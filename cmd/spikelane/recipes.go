package main

import (
	"strconv"
	"strings"
	"time"

	"github.com/spikelane/spikelane/dataset"
	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/train"
)

// recipe is how data are coded and learned from, where nothing else is asked
// for.
type recipe struct {
	network string // a preset
	// input changes what follows from the data.
	input   func(in *encode.Input)
	read    events.Options
	pattern string
	augment encode.Augment
	config  train.Config
	plan    train.Plan
	// split is how the data divide that have no part to be judged by.
	split func(s *dataset.Set) (rest, held *dataset.Set)
}

// usual is how networks learn that have no recipe of their own.
func usual() recipe {
	return recipe{
		network: "mlp",
		config:  train.Config{Loss: train.CrossEntropy{Reduction: train.ReductionMean}, LearningRate: 3e-3, Schedule: train.Cosine(0.05, 0.01)},
		plan:    train.Plan{Batch: 32, Epochs: 20},
	}
}

// digitSteps is how long a digit is shown.
const digitSteps = 5

// recipes are those that have a name: of the data, or of a network that has its
// data.
var recipes = map[string]func() recipe{
	"mlp": func() recipe {
		r := usual()
		r.plan = train.Plan{Batch: 128, Epochs: 6}
		r.input = func(in *encode.Input) { in.Steps = digitSteps }
		return r
	},
	"conv": func() recipe {
		r := usual()
		r.network, r.plan = "conv", train.Plan{Batch: 128, Epochs: 4}
		r.input = func(in *encode.Input) { in.Steps = digitSteps }
		return r
	},
	"nmnist": func() recipe {
		r := usual()
		r.network, r.plan.Epochs = "dvs", 15
		r.read.Sensor = events.Sensor{Width: 34, Height: 34}
		r.input = func(in *encode.Input) { in.Step, in.Steps = encode.Duration(20*time.Millisecond), 15 }
		r.augment = encode.Augment{Shift: 2}
		return r
	},
	"fsdd": func() recipe {
		r := usual()
		r.network, r.plan = "recurrent", train.Plan{Batch: 64, Epochs: 30}
		r.config.LearningRate, r.config.ClipNorm = 2e-3, 1
		r.pattern = "{class}_{group}_{index}"
		r.input = func(in *encode.Input) {
			in.Steps, in.Coding, in.Threshold = 80, encode.CodingDelta, 0.5
			in.Mel = &encode.MelBank{Rate: 8000, Frame: 256, Hop: 80, Bands: 32, Low: 60}
		}
		r.split = spokenSplit
		return r
	},
}

// mnistName is what stands for MNIST's digits where data are named.
const mnistName = "mnist"

// mnist reports whether a recipe's data are MNIST's digits, which come with a
// module.
func mnist(name string) bool { return name == "mlp" || name == "conv" }

// spokenSplit is the official split of the spoken digits: recordings 0 to 4 of
// every digit and speaker are for the test.
func spokenSplit(s *dataset.Set) (rest, held *dataset.Set) {
	var learned, judged []int
	for i := range s.Len() {
		name := strings.TrimSuffix(s.Name(i), ".wav")
		if n, err := strconv.Atoi(name[strings.LastIndexByte(name, '_')+1:]); err == nil && n < 5 {
			judged = append(judged, i)
		} else {
			learned = append(learned, i)
		}
	}
	return s.Part(learned), s.Part(judged)
}
