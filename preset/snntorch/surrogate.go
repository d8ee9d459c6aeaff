package snntorch

import "github.com/spikelane/spikelane/surrogate"

// ATan is snnTorch's atan.
func ATan(alpha float32) surrogate.Func {
	return surrogate.ATan(alpha)
}

// FastSigmoid is snnTorch's fast_sigmoid.
func FastSigmoid(slope float32) surrogate.Func {
	return surrogate.FastSigmoid(slope)
}

// Sigmoid is snnTorch's sigmoid.
func Sigmoid(slope float32) surrogate.Func {
	return surrogate.Sigmoid(slope)
}

// Heaviside is snnTorch's heaviside.
func Heaviside() surrogate.Func {
	return surrogate.LeakySpike(0)
}

// LSO is snnTorch's LSO, as meant: its factory calls another class.
func LSO(slope float32) surrogate.Func {
	return surrogate.LeakySpike(slope)
}

// SFS is snnTorch's SFS.
func SFS(slope, b float32) surrogate.Func {
	return surrogate.ShiftedFastSigmoid(slope, b)
}

// Triangular is snnTorch's triangular, which is no triangle.
func Triangular(threshold float32) surrogate.Func {
	return surrogate.SignedThreshold(threshold)
}

// SpikeRateEscape is snnTorch's spike_rate_escape.
func SpikeRateEscape(beta, slope float32) surrogate.Func {
	return surrogate.SpikeRateEscape(beta, slope)
}

// StraightThroughEstimator is snnTorch's straight_through_estimator.
func StraightThroughEstimator() surrogate.Func {
	return surrogate.StraightThrough()
}
