package snn

import (
	"math"

	"github.com/spikelane/spikelane/tensor"
)

// KaimingUniform tmp
func KaimingUniform(fanIn int) Init {
	return func(values []float32, shape tensor.Shape, seed uint64, name string) {
		x := seed*0x9E3779B97F4A7C15 + uint64(len(name))*77
		for i := range values {
			x = x*6364136223846793005 + 1442695040888963407
			values[i] = float32((float64(x>>40)/(1<<24)*2 - 1) / math.Sqrt(float64(fanIn)))
		}
	}
}

// Constant tmp
func Constant(v float32) Init {
	return func(values []float32, shape tensor.Shape, seed uint64, name string) {
		for i := range values {
			values[i] = v
		}
	}
}
