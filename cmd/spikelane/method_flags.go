package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spikelane/spikelane/train"
)

// methods are the flags for how a network learns, in place of its recipe's.
type methods struct {
	Loss         string   `placeholder:"LOSS" help:"cross-entropy, mean-square or latency, and after a colon what of the outputs over time: sum, mean, max, last or each (cross-entropy only). mean-square wants its goals: mean-square:mean:0.8,0.2."`
	Optimizer    string   `placeholder:"NAME" help:"adam, adamax, rmsprop or sgd, with options after a colon: adam:weight-decay=1e-4, sgd:momentum=0.9."`
	Schedule     string   `placeholder:"NAME" help:"Of the learning rate: constant, cosine:WARMUP,LAST (shares), halving:STEPS,FACTOR."`
	Clip         *float64 `placeholder:"NORM" help:"Bound the norm of all gradients together; 0 does not."`
	Regularize   []string `sep:"none" placeholder:"LAYER:LOW-HIGH:STRENGTH" help:"Keep the spikes a step of a layer's neurons in a range: lif1:0.01-0.2:1. May be given more than once."`
	ClassWeights string   `placeholder:"W" help:"balanced, or a weight for each class: 1,1,2."`
	Population   int      `placeholder:"N" help:"Every class is answered by so many outputs together; the network has that many times more of them."`
	Freeze       []string `placeholder:"NAME,..." help:"Parameters that do not learn, as linear1.weight, or whole layers, as linear1."`
}

// reductions are the names of what of an output over time is compared.
var reductions = map[string]train.Reduction{
	"sum": train.ReductionSum, "mean": train.ReductionMean, "max": train.ReductionMax, "last": train.ReductionLast, "each": train.ReductionEachStep,
}

// apply changes a recipe's way to learn by what was asked for; counts are the
// samples of each class.
func (m methods) apply(c *train.Config, counts []int) error {
	steps := []func(*train.Config) error{m.loss, m.optimizer, m.schedule, m.regularize}
	for _, step := range steps {
		if err := step(c); err != nil {
			return err
		}
	}
	if m.Clip != nil {
		c.ClipNorm = *m.Clip
	}
	if m.Population < 0 {
		return fmt.Errorf("--population is %d: so many outputs a class, at least 1", m.Population)
	}
	if m.Population > 0 {
		c.Loss = train.Population{Loss: c.Loss, Neurons: m.Population}
	}
	return m.weigh(c, counts)
}

// loss parses --loss.
func (m methods) loss(c *train.Config) error {
	if m.Loss == "" {
		return nil
	}
	name, rest, _ := strings.Cut(m.Loss, ":")
	over, goals, _ := strings.Cut(rest, ":")
	reduction, known := reductions[over]
	if over != "" && !known {
		return fmt.Errorf("--loss %s: %q is none of sum, mean, max, last, each", m.Loss, over)
	}
	if over == "" {
		reduction = train.ReductionMean
	}
	switch {
	case name == "mean-square":
		wanted, err := numbers(goals, 2)
		if err != nil {
			return fmt.Errorf("--loss %s: what the class and the others should give, as mean-square:mean:0.8,0.2: %w", m.Loss, err)
		}
		c.Loss = train.MeanSquare{Reduction: reduction, Correct: train.Num(wanted[0]), Wrong: train.Num(wanted[1])}
	case goals != "":
		return fmt.Errorf("--loss %s: only mean-square has goals", m.Loss)
	case name == "cross-entropy":
		c.Loss = train.CrossEntropy{Reduction: reduction}
	case name == "latency" && over == "":
		c.Loss = train.Latency{}
	default:
		return fmt.Errorf("--loss %s: it is cross-entropy, mean-square or latency; see spikelane train --help", m.Loss)
	}
	return nil
}

// optimizer parses --optimizer.
func (m methods) optimizer(c *train.Config) error {
	if m.Optimizer == "" {
		return nil
	}
	name, text, _ := strings.Cut(m.Optimizer, ":")
	given, err := options(text)
	if err != nil {
		return fmt.Errorf("--optimizer %s: %w", m.Optimizer, err)
	}
	take := func(key string) float64 {
		v, ok := given[key]
		delete(given, key)
		if ok {
			return train.Num(v)
		}
		return 0
	}
	switch name {
	case "adam":
		c.Optimizer = train.Adam{Beta1: take("beta1"), Beta2: take("beta2"), Epsilon: take("epsilon"), L2Penalty: take("l2"), WeightDecay: take("weight-decay")}
	case "adamax":
		c.Optimizer = train.Adamax{Beta1: take("beta1"), Beta2: take("beta2"), Epsilon: take("epsilon"), L2Penalty: take("l2")}
	case "rmsprop":
		c.Optimizer = train.RMSprop{Smooth: take("smooth"), Epsilon: take("epsilon"), Momentum: take("momentum"), L2Penalty: take("l2")}
	case "sgd":
		c.Optimizer = train.SGD{Momentum: take("momentum"), L2Penalty: take("l2"), Nesterov: take("nesterov") == 1}
	default:
		return fmt.Errorf("--optimizer %s: it is adam, adamax, rmsprop or sgd", m.Optimizer)
	}
	for key := range given {
		return fmt.Errorf("--optimizer %s: %s has no option %q", m.Optimizer, name, key)
	}
	return nil
}

// schedule parses --schedule.
func (m methods) schedule(c *train.Config) error {
	if m.Schedule == "" {
		return nil
	}
	name, text, _ := strings.Cut(m.Schedule, ":")
	if name == "constant" && text == "" {
		c.Schedule = train.Constant
		return nil
	}
	v, err := numbers(text, 2)
	switch {
	case name != "cosine" && name != "halving":
		return fmt.Errorf("--schedule %s: it is constant, cosine:WARMUP,LAST or halving:STEPS,FACTOR", m.Schedule)
	case err != nil:
		return fmt.Errorf("--schedule %s: two numbers come after the colon: %w", m.Schedule, err)
	case name == "cosine":
		c.Schedule = train.Cosine(train.Num(v[0]), train.Num(v[1]))
	default:
		c.Schedule = train.Halving(int(v[0]), v[1])
	}
	return nil
}

// regularize parses --regularize.
func (m methods) regularize(c *train.Config) error {
	for _, text := range m.Regularize {
		parts := strings.Split(text, ":")
		if len(parts) != 3 {
			return fmt.Errorf("--regularize %s: want LAYER:LOW-HIGH:STRENGTH, as lif1:0.01-0.2:1", text)
		}
		low, high, _ := strings.Cut(parts[1], "-")
		v, err := numbers(low+","+high+","+parts[2], 3)
		if err != nil {
			return fmt.Errorf("--regularize %s: %w", text, err)
		}
		c.Regularizers = append(c.Regularizers, train.RateBounds{Of: parts[0], Low: v[0], High: v[1], Strength: v[2]})
	}
	return nil
}

// weigh parses --class-weights.
func (m methods) weigh(c *train.Config, counts []int) error {
	if m.ClassWeights == "" {
		return nil
	}
	weights := train.Balanced(counts)
	if m.ClassWeights != "balanced" {
		given, err := numbers(m.ClassWeights, len(counts))
		if err != nil {
			return fmt.Errorf("--class-weights %s: balanced, or a number for each class: %w", m.ClassWeights, err)
		}
		for i, w := range given {
			weights[i] = train.Num(w)
		}
	}
	c.Loss = train.ClassWeights{Loss: c.Loss, Weights: weights}
	return nil
}

// trainable is which parameters learn, of those that there are.
func (m methods) trainable(names []string) (func(name string) bool, error) {
	if len(m.Freeze) == 0 {
		return nil, nil
	}
	frozen := map[string]bool{}
	for _, f := range m.Freeze {
		found := false
		for _, n := range names {
			if n == f || strings.HasPrefix(n, f+".") {
				frozen[n], found = true, true
			}
		}
		if !found {
			return nil, fmt.Errorf("--freeze %s: the network has no such parameter or layer; it has %s", f, strings.Join(names, ", "))
		}
	}
	return func(name string) bool { return !frozen[name] }, nil
}

// numbers are so many numbers with commas between them.
func numbers(text string, n int) ([]float64, error) {
	fields := strings.Split(text, ",")
	if text == "" || len(fields) != n {
		return nil, fmt.Errorf("%q is not %d numbers with commas between them", text, n)
	}
	v := make([]float64, n)
	for i, f := range fields {
		var err error
		if v[i], err = strconv.ParseFloat(strings.TrimSpace(f), 64); err != nil {
			return nil, fmt.Errorf("%q is no number", f)
		}
	}
	return v, nil
}

// options are numbers by their names: a=1,b=2.
func options(text string) (map[string]float64, error) {
	all := map[string]float64{}
	if text == "" {
		return all, nil
	}
	for _, field := range strings.Split(text, ",") {
		name, value, _ := strings.Cut(field, "=")
		v, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return nil, fmt.Errorf("%q is not NAME=NUMBER", field)
		}
		if _, twice := all[name]; twice {
			return nil, fmt.Errorf("%q is there twice", name)
		}
		all[name] = v
	}
	return all, nil
}
