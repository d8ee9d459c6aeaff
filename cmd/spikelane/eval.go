package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/spikelane/spikelane/dataset"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/train"
)

type eval struct {
	run
}

// Help is shown by --help.
func (eval) Help() string {
	return `    spikelane eval out/model.safetensors test.npz
    spikelane eval out/model.safetensors nmnist --json

Samples need classes. Spikes and operations are those that NeuroBench counts, for a
sample: effective accumulates (ACs) where an input is a spike, effective
multiply-accumulates (MACs) where it is a number.`
}

// evaluation is what eval prints.
type evaluation struct {
	Model              string  `json:"model"`
	Samples            int     `json:"samples"`
	Accuracy           float64 `json:"classification_accuracy"`
	Undecided          int     `json:"undecided"`
	Confusion          [][]int `json:"confusion"` // [class][answer]; those that are undecided are not in it
	ActivationSparsity float64 `json:"activation_sparsity"`
	Spikes             float64 `json:"spikes_per_sample"`
	ACs                float64 `json:"effective_acs_per_sample"`
	MACs               float64 `json:"effective_macs_per_sample"`
	Parameters         int     `json:"parameter_count"`
	Hash               string  `json:"spike_hash"`
	Seconds            float64 `json:"seconds"`
}

// Run judges a model.
func (e eval) Run(ctx context.Context) error {
	if err := e.check(); err != nil {
		return err
	}
	m, about, err := e.modelAndMeta(e.Model)
	if err != nil {
		return err
	}
	set, err := e.set(m, about)
	if err != nil {
		return err
	}
	if !set.Labelled() {
		return fmt.Errorf("%w: samples without a class: they are named by folders, a list or --pattern; spikelane run needs none", dataset.ErrData)
	}
	var counters forward.Counters
	c, err := e.classifier(m.With(forward.Count(&counters)), about, set)
	if err != nil {
		return err
	}
	start := time.Now()
	all, err := c.all(ctx)
	if err != nil {
		return err
	}
	res := evaluate(m, set, all, counters.Layers())
	res.Model, res.Seconds = e.Model, time.Since(start).Seconds()
	if e.JSON {
		return json.NewEncoder(stdout).Encode(res)
	}
	return res.print(set.Input().Classes)
}

// evaluate counts what is right, and what it took.
func evaluate(m *forward.Model, set *dataset.Set, all []classified, layers []forward.LayerCount) evaluation {
	res := evaluation{Samples: len(all)}
	classes := max(len(set.Input().Classes), len(all[0].Counts))
	res.Confusion = make([][]int, classes)
	for i := range res.Confusion {
		res.Confusion[i] = make([]int, classes)
	}
	h := forward.NewHasher()
	right := 0
	for _, c := range all {
		h.AddSample(c.hash)
		if c.Predicted == undecided {
			res.Undecided++
			continue
		}
		res.Confusion[*c.Class][c.Predicted]++
		if *c.Class == c.Predicted {
			right++
		}
	}
	sum := h.Sum()
	res.Hash, res.Accuracy = hex.EncodeToString(sum[:]), float64(right)/float64(len(all))
	res.count(m, layers)
	for _, p := range m.Params() {
		res.Parameters += len(p.Data)
	}
	return res
}

// count adds up spikes and operations.
func (res *evaluation) count(m *forward.Model, layers []forward.LayerCount) {
	places := 0.0
	var spiking []string
	for _, l := range layers {
		if l.Sent > 0 || l.Rate > 0 {
			spiking = append(spiking, l.Layer)
		}
	}
	n := float64(res.Samples)
	for i, l := range layers {
		if slices.Contains(spiking, l.Layer) && len(m.Graph().Variables(l.Layer)) > 0 {
			places += float64(float64(l.Neurons) * float64(l.Steps))
			res.Spikes += l.Sent / n
		}
		if l.Operations == 0 {
			continue
		}
		if ops := float64(l.Operations) / n; bySpikes(m.Graph().Spec().Layers[i], i, layers, spiking) {
			res.ACs += ops
		} else {
			res.MACs += ops
		}
	}
	if places > 0 {
		res.ActivationSparsity = 1 - float64(res.Spikes*n)/places
	}
}

// bySpikes reports whether a layer hears spikes only.
func bySpikes(node forward.Node, i int, layers []forward.LayerCount, spiking []string) bool {
	if len(node.Inputs) > 0 || len(node.Sources) == 0 && i == 0 {
		return false
	}
	if len(node.Sources) == 0 {
		return slices.Contains(spiking, layers[i-1].Layer)
	}
	return !slices.ContainsFunc(node.Sources, func(s forward.Source) bool { return !slices.Contains(spiking, s.Layer) })
}

func (res evaluation) print(names []string) error {
	printf("accuracy     %.2f %% of %d samples\n", 100*res.Accuracy, res.Samples)
	if res.Undecided > 0 {
		printf("undecided    %d, whose outputs are all 0 or not a number: they count as wrong\n", res.Undecided)
	}
	if err := printConfusion(train.Result{Confusion: res.Confusion}, names); err != nil {
		return err
	}
	printf("spikes       %.1f a sample, activation sparsity %.4f\n", res.Spikes, res.ActivationSparsity)
	printf("operations   %.0f effective ACs, %.0f effective MACs a sample\n", res.ACs, res.MACs)
	printf("parameters   %d\n", res.Parameters)
	printf("spike hash   %s\n", res.Hash)
	printf("speed        %.1f samples/s\n", float64(res.Samples)/res.Seconds)
	return nil
}
