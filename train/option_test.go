package train_test

import (
	"fmt"
	"math"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/train"
)

// What is out of range is an error of New that names the option, its value and
// what it may be.
func TestOptionsOutOfRange(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	optimizer := func(o train.Optimizer) train.Config { return train.Config{Loss: train.CrossEntropy{}, Optimizer: o} }
	loss := func(l train.Loss) train.Config { return train.Config{Loss: l} }
	schedule := func(s train.Schedule) train.Config { return train.Config{Loss: train.CrossEntropy{}, Schedule: s} }
	rates := func(r train.Regularizer) train.Config {
		return train.Config{Loss: train.CrossEntropy{}, Regularizers: []train.Regularizer{r}}
	}
	for says, c := range map[string]train.Config{
		"Adam: option out of range: Beta1 is 1.5; it is at least 0 and below 1": optimizer(train.Adam{Beta1: 1.5}),
		"Adam: option out of range: Beta1 is 1; it is at least 0":               optimizer(train.Adam{Beta1: 1}),
		"Beta1 is 0.99999999; it is":                                            optimizer(train.Adam{Beta1: 0.99999999}), // 1 as a float32
		"Beta1 is -0.1":                                                         optimizer(train.Adam{Beta1: -0.1}),
		"Beta2 is 1;":                                                           optimizer(train.Adam{Beta2: 1}),
		"Epsilon is 1e-50; it is from 2^-126 to 1e30":                           optimizer(train.Adam{Epsilon: 1e-50}), // 0 as a float32
		"Epsilon is 0;":                                                         optimizer(train.Adam{Epsilon: train.Zero}),
		"L2Penalty is -1; it is from 0 to 1e30":                                 optimizer(train.Adam{L2Penalty: -1}),
		"WeightDecay is NaN":                                                    optimizer(train.Adam{WeightDecay: nan}),
		"Adamax: option out of range: Beta1 is 2;":                              optimizer(train.Adamax{Beta1: 2}),
		"Adamax: option out of range: Beta2 is 1;":                              optimizer(train.Adamax{Beta2: 1}),
		"Adamax: option out of range: Epsilon is +Inf":                          optimizer(train.Adamax{Epsilon: inf}),
		"RMSprop: option out of range: Smooth is 1.01; it is at least 0":        optimizer(train.RMSprop{Smooth: 1.01}),
		"RMSprop: option out of range: Momentum is 1.5; it is from 0 to 1":      optimizer(train.RMSprop{Momentum: 1.5}),
		"SGD: option out of range: Momentum is -0.9; it is from 0 to 1":         optimizer(train.SGD{Momentum: -0.9}),
		"SGD: option out of range: L2Penalty is +Inf":                           optimizer(train.SGD{L2Penalty: inf}),
		"SGD: option out of range: Nesterov is set and Momentum is 0":           optimizer(train.SGD{Nesterov: true}),
		"Cosine: option out of range: warmup is 1.5; it is from 0 to 1":         schedule(train.Cosine(1.5, 0)),
		"Cosine: option out of range: last is NaN":                              schedule(train.Cosine(0, nan)),
		"Halving: option out of range: every is 0; it is at least 1":            schedule(train.Halving(0, 0.5)),
		"Halving: option out of range: factor is -0.5; it is above 0":           schedule(train.Halving(1, -0.5)),
		"its factor is NaN; it is from 0":                                       schedule(func(int, int) float64 { return nan }),
		"the schedule: panic: oh":                                               schedule(func(int, int) float64 { panic("oh") }),
		"CrossEntropy: option out of range: Reduction is 7; it is from 0 to 4":  loss(train.CrossEntropy{Reduction: 7}),
		"MeanSquare: option out of range: Reduction is 4; it is from 0 to 3":    loss(train.MeanSquare{Reduction: train.ReductionEachStep, Correct: 1}),
		"MeanSquare: option out of range: Correct is NaN; it is finite":         loss(train.MeanSquare{Correct: nan}),
		"MeanSquare: option out of range: Wrong is -Inf":                        loss(train.MeanSquare{Wrong: -inf}),
		"RateBounds: option out of range: Low is 0.5, above High, which is 0":   rates(train.RateBounds{Of: "lif", Low: 0.5, Strength: 1}),
		"RateBounds: option out of range: Low is -1; it is from 0":              rates(train.RateBounds{Of: "lif", Low: -1, Strength: 1}),
		"RateBounds: option out of range: High is NaN":                          rates(train.RateBounds{Of: "lif", High: nan, Strength: 1}),
		"RateBounds: option out of range: Strength is -1":                       rates(train.RateBounds{Of: "lif", High: 1, Strength: -1}),
		"RateBounds: option out of range: Strength is 0":                        rates(train.RateBounds{Of: "lif", High: 1}),
		"Regularizers[0] is nil":                                                rates(nil),
		"no layer \"nobody\"":                                                   rates(train.RateBounds{Of: "nobody", High: 1, Strength: 1}),
		"Config: option out of range: LearningRate is -1; it is from 0 to 1e30": {Loss: train.CrossEntropy{}, LearningRate: -1},
		"ClipNorm is -1":                   {Loss: train.CrossEntropy{}, ClipNorm: -1},
		"Steps is -1; it is at least 0":    {Loss: train.CrossEntropy{}, Steps: -1},
		"BurnIn is -1; it is at least 0":   {Loss: train.CrossEntropy{}, BurnIn: -1},
		"Segment is -2; it is at least -1": {Loss: train.CrossEntropy{}, Segment: -2},
		"Workers is -1; it is at least 0":  {Loss: train.CrossEntropy{}, Workers: -1},
		"there is no model or no loss":     {},
		"own loss: sigma is 0":             loss(ownLoss{}),
	} {
		_, err := train.New(network(t), c)
		require.ErrorContains(t, err, says)
	}
	_, err := train.New(nil, config)
	require.ErrorIs(t, err, snn.ErrOption)
	for _, p := range []train.Plan{{Batch: -1}, {Epochs: -1}, {Epochs: math.MaxInt}} {
		tr, err := train.New(network(t), config)
		require.NoError(t, err)
		require.ErrorIs(t, tr.Fit(t.Context(), task{50, 13}, p), snn.ErrOption)
	}
}

// ownLoss is a user's, with an option that it wants.
type ownLoss struct{ train.CrossEntropy }

func (ownLoss) Check() error { return fmt.Errorf("own loss: sigma is 0") }

// optimizers are all of them, with all defaults.
var optimizers = []train.Optimizer{train.SGD{}, train.Adam{}, train.Adamax{}, train.RMSprop{}}

// with is an optimizer with some number set.
func with(o train.Optimizer, field int, v float64) train.Optimizer {
	x := reflect.New(reflect.TypeOf(o)).Elem()
	x.Set(reflect.ValueOf(o))
	x.Field(field).SetFloat(v)
	return x.Interface().(train.Optimizer)
}

// numbers are the fields of an optimizer that are numbers.
func numbers(o train.Optimizer) (fields []int) {
	for i := range reflect.TypeOf(o).NumField() {
		if reflect.TypeOf(o).Field(i).Type.Kind() == reflect.Float64 {
			fields = append(fields, i)
		}
	}
	return fields
}

// No number of any optimizer may be what makes weights NaN.
func TestEveryOptionIsChecked(t *testing.T) {
	checked := 0
	for _, o := range optimizers {
		require.NoError(t, o.Check())
		for _, i := range numbers(o) {
			for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1, math.MaxFloat64} {
				err := with(o, i, bad).Check()
				require.ErrorIs(t, err, snn.ErrOption)
				require.ErrorContains(t, err, fmt.Sprintf("%s is %v", reflect.TypeOf(o).Field(i).Name, bad))
				checked++
			}
		}
	}
	require.Equal(t, 5*(2+5+4+4), checked)
}

// What an optimizer accepts never blows up by itself: with ordinary gradients,
// also zeros, the weights stay finite.
func TestOptionsThatPassTrain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := rapid.SampledFrom(optimizers).Draw(t, "optimizer")
		for _, i := range numbers(o) {
			v := rapid.SampledFrom([]float64{0, train.Zero, 0x1p-126, 1e-8, 0.5, 0.9, 0.999999, 1 - 0x1p-24}).Draw(t, "option")
			if p := with(o, i, v); p.Check() == nil {
				o = p
			}
		}
		w := []float32{0, 1, -2}
		var slots [][]float32
		for range o.Slots() {
			slots = append(slots, make([]float32, len(w)))
		}
		for step := 1; step <= 20; step++ {
			g := []float32{0, 0x1p-70, rapid.Float32Range(-1, 1).Draw(t, "g")}
			o.Step(w, g, slots, step, 1e-3, 1)
			for _, v := range w {
				require.Zero(t, v-v, "%+v: %v", o, w)
			}
		}
	})
}

// Zero says zero, where 0 says the default.
func TestZero(t *testing.T) {
	require.Equal(t, train.Zero, train.Num(0))
	require.Equal(t, 0.5, train.Num(0.5))
	step := func(o train.Optimizer) float32 {
		require.NoError(t, o.Check())
		w := []float32{0}
		slots := [][]float32{{0}, {0}}
		for i, g := range []float32{1, 0} {
			o.Step(w, []float32{g}, slots, i+1, 0.5, 1)
		}
		return w[0]
	}
	// Without a memory of the gradient, the second step, of none, goes nowhere.
	require.InDelta(t, -0.5, step(train.Adam{Beta1: train.Zero}), 1e-6)
	require.Less(t, step(train.Adam{}), float32(-0.6))
	require.InDelta(t, -0.5, step(train.Adamax{Beta1: train.Num(0)}), 1e-6)
	require.InDelta(t, -0.5, step(train.RMSprop{Smooth: train.Zero}), 1e-6)
	require.Equal(t, step(train.SGD{}), step(train.SGD{Momentum: train.Zero, L2Penalty: train.Zero}))

	m := network(t)
	tr, err := train.New(m, train.Config{Loss: train.CrossEntropy{}, LearningRate: train.Zero})
	require.NoError(t, err)
	require.NoError(t, tr.Fit(t.Context(), task{20, 13}, train.Plan{}))
	require.Equal(t, hash(t, m), hash(t, tr.Model()), "a rate of 0 changes nothing")
	_, err = train.MeanSquare{}.Sample([]float32{1, 2}, make([]float32, 2), 1, train.Target{Class: 1}, 1)
	require.ErrorContains(t, err, "they tell no classes apart")
	l, err := train.MeanSquare{Correct: 1, Wrong: train.Zero}.Sample([]float32{1, 2}, make([]float32, 2), 1, train.Target{Class: 1}, 1)
	require.NoError(t, err)
	require.Equal(t, 1.0, l)
}

// A schedule that goes wrong later stops before anything has changed.
func TestScheduleGoesWrong(t *testing.T) {
	c := config
	c.Schedule = func(step, _ int) float64 {
		if step == 2 {
			return -1
		}
		return 1
	}
	tr, err := train.New(network(t), c)
	require.NoError(t, err)
	err = tr.Fit(t.Context(), task{50, 13}, train.Plan{Batch: 10})
	require.ErrorIs(t, err, snn.ErrOption)
	require.ErrorContains(t, err, "step 3: ")
	require.ErrorContains(t, err, "its factor is -1")
	require.Equal(t, 2, tr.Steps())
}
