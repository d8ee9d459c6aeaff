package rockpool

import (
	"github.com/spikelane/spikelane/internal/presetkit"
	"github.com/spikelane/spikelane/surrogate"
)

// StepPWL is Rockpool's StepPWL, of whatever threshold the neuron has.
func StepPWL(window float32) surrogate.Func {
	return surrogate.OneSided(window, 1).PerThreshold()
}

var surrogates = presetkit.Surrogates{
	"StepPWL": presetkit.One(StepPWL, "window"),
}

// Surrogate is the function that Rockpool calls so, with its arguments by their
// names. A name, or an argument, that is not known, and an argument that is
// missing, are errors.
func Surrogate(name string, params map[string]float64) (surrogate.Func, error) {
	return surrogates.Func("Rockpool", name, params)
}
