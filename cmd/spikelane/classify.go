package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"sync"

	"github.com/spikelane/spikelane/dataset"
	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/tensor"
	"github.com/spikelane/spikelane/train"
)

// classifier runs a model over samples, several at once. Of a sample it keeps
// the answer, and what is asked for.
type classifier struct {
	model    *forward.Model // which records its layers
	set      *dataset.Set
	readout  encode.Readout
	recorder recorder
	workers  int
	outputs  bool     // outputs of every step are kept
	layers   []string // of the network

	mutex  sync.Mutex
	totals []layerTotal
}

// recordResult is what the network says of one sample: for each class the sum of
// its output over all steps, the step of its first output, and the class with the
// greatest score, the lowest on a tie. It is undecided, -1, where every output is 0 or one
// is NaN.
type recordResult struct {
	Name      string    `json:"name"`
	Class     *int      `json:"class,omitempty"`
	Predicted int       `json:"predicted"`
	Counts    []float64 `json:"counts"`
	First     []int     `json:"first"`
	Later     int       `json:"later_events"` // after the last step, not used
}

// classified is the answer for a sample, and the hash of its spikes.
type classified struct {
	recordResult
	hash [sha256.Size]byte
	// recorded is what --record names, in its order.
	recorded []*tensor.Tensor
	// outputs are those of every step, if they are wanted.
	outputs *tensor.Tensor
}

// layerTotal is what a layer of spiking neurons sent.
type layerTotal struct {
	Name   string  `json:"name"`
	Spikes int64   `json:"spikes"`
	Rate   float64 `json:"rate"` // a neuron and step
	sum    float64
	places int
}

// blockSteps is how many steps of a sample are run at once.
const blockSteps = 64

// all runs all samples and keeps their order.
func (c *classifier) all(ctx context.Context) ([]classified, error) {
	all := make([]classified, c.set.Len())
	next := make(chan int)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	bar := newProgress(len(all), "samples")
	var workers sync.WaitGroup
	for range min(c.workers, len(all)) {
		workers.Go(func() {
			for i := range next {
				one, err := c.one(ctx, i)
				if err != nil {
					cancel(err)
					return
				}
				all[i] = one
				bar.Add(1)
			}
		})
	}
feed:
	for i := range all {
		select {
		case next <- i:
		case <-ctx.Done():
			break feed
		}
	}
	close(next)
	workers.Wait()
	bar.Finish()
	return all, context.Cause(ctx)
}

// one runs a sample, block by block: a long one needs no more memory than a
// short one, but for the packed spikes of which the hash is.
func (c *classifier) one(ctx context.Context, i int) (classified, error) {
	res := classified{recordResult: recordResult{Name: c.set.Name(i)}}
	if class := c.set.Class(i); class >= 0 {
		res.Class = &class
	}
	g := c.model.Graph()
	shape := g.Shape(g.Outputs()[0])
	tally, err := c.readout.NewTally(shape.Size())
	if err != nil {
		return res, err
	}
	s, err := c.model.StateFor(1)
	if err != nil {
		return res, err
	}
	hash := forward.NewSampleHasher()
	for x, err := range c.set.Blocks(i, blockSteps, &res.Later) {
		if err != nil {
			return res, err
		}
		reshape(x, g.Inputs()[0].Shape)
		out, err := c.model.Run(ctx, s, x)
		if err == nil {
			err = tally.Add(tensor.Of(out.Dense().Data, out.Dense().Shape[0], 1, shape.Size()))
		}
		if err != nil {
			return res, fmt.Errorf("%s: %w", res.Name, err)
		}
		c.take(hash, out)
		res.recorded = c.recorder.add(res.recorded, out)
		if c.outputs {
			res.outputs = appendSteps(res.outputs, out.Dense())
		}
	}
	res.Counts, res.First, res.hash = tally.Sums(), tally.First(), hash.Sum()
	res.Predicted = undecided
	if !tally.Silent() {
		res.Predicted = train.Best(tally.Scores())
	}
	return res, nil
}

// appendSteps is the outputs with those of more steps.
func appendSteps(all, more *tensor.Tensor) *tensor.Tensor {
	if all == nil {
		return more.Clone()
	}
	all.Shape[0] += more.Shape[0]
	all.Data = append(all.Data, more.Data...)
	return all
}

// take adds a block to the hash of its sample and to the sums of the layers.
func (c *classifier) take(hash *forward.SampleHasher, out *forward.Output) {
	var layers []tensor.Signal
	var totals []layerTotal
	for _, name := range c.layers {
		if !out.Spiking(name) {
			continue
		}
		x := out.Layer(name)
		steps, _, features := x.Dims()
		layers = append(layers, x)
		totals = append(totals, layerTotal{Name: name, sum: sent(x), places: steps * features.Size()})
	}
	hash.Add(layers...)
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.totals == nil {
		c.totals = slices.Clone(totals)
		return
	}
	for k := range totals {
		c.totals[k].sum += totals[k].sum
		c.totals[k].places += totals[k].places
	}
}
