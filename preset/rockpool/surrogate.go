package rockpool

import "github.com/spikelane/spikelane/surrogate"

// StepPWL is Rockpool's StepPWL.
func StepPWL(window, threshold float32) surrogate.Func {
	return surrogate.OneSided(window, threshold)
}
