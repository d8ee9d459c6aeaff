package snn_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

var schemes = []struct {
	name            string
	init            snn.Init
	mean, deviation float64
	low, high       float64
	hash            string // of the first bits, the same on every machine
}{
	{"FanInUniform", snn.FanInUniform(48), 0, 1 / math.Sqrt(3*48), -1 / math.Sqrt(48), 1 / math.Sqrt(48), "6f6b1283fe964967"},
	{"Uniform", snn.Uniform(1, 4), 2.5, 3 / math.Sqrt(12), 1, 4, "268a7ba3b38c724b"},
	{"Normal", snn.Normal(1, 2), 1, 2, -12, 14, "09d84059ec4ba081"},
	{"TruncatedNormal", snn.TruncatedNormal(0, 1, -2, 2), 0, 0.87962566, -2, 2, "11a9abba1c947f03"},
	{"KaimingUniform", snn.KaimingUniform(2), 0, 2 / math.Sqrt(48), -2 * math.Sqrt(3.0/48), 2 * math.Sqrt(3.0/48), "9b051951b95e9f5a"},
	{"KaimingNormal", snn.KaimingNormal(2), 0, 2 / math.Sqrt(48), -2, 2, "0d6d7225b2fef750"},
	{"XavierUniform", snn.XavierUniform(1), 0, math.Sqrt(2.0 / (48 + 800*3)), -math.Sqrt(6.0 / (48 + 800*3)), math.Sqrt(6.0 / (48 + 800*3)), "31eed92d99bc6362"},
	{"XavierNormal", snn.XavierNormal(1), 0, math.Sqrt(2.0 / (48 + 800*3)), -1, 1, "92906ee929da7eac"},
	{"Constant", snn.Constant(3), 3, 0, 3, 3, "ac0913a744f069b8"},
}

func TestInit(t *testing.T) {
	shape := tensor.Shape{800, 16, 3} // 16*3 inputs, 800*3 outputs
	n := float64(shape.Size())
	for _, s := range schemes {
		t.Run(s.name, func(t *testing.T) {
			v := make([]float32, shape.Size())
			s.init(v, shape, 5, "conv.weight")
			var mean, square float64
			bytes := []byte(nil)
			for _, x := range v {
				require.True(t, float64(x) >= s.low-1e-6 && float64(x) <= s.high+1e-6, "%v", x)
				mean += float64(x) / n
				square += (float64(x) - s.mean) * (float64(x) - s.mean) / n
				bytes = binary.LittleEndian.AppendUint32(bytes, math.Float32bits(x))
			}
			// Five standard errors; those of the deviation are at most those of a normal's.
			require.InDelta(t, s.mean, mean, 5*s.deviation/math.Sqrt(n)+1e-9)
			require.InDelta(t, s.deviation, math.Sqrt(square), 5*s.deviation/math.Sqrt(2*n)+1e-6)
			hash := sha256.Sum256(bytes)
			require.Equal(t, s.hash, hex.EncodeToString(hash[:8]))
		})
	}
}

// However far the bounds are from the mean, numbers lie between them, near the
// nearer one.
func TestTruncatedNormalFarOut(t *testing.T) {
	for _, far := range []float64{3, 8, 9, 20, 36, 40, 1000} {
		for _, side := range []float64{1, -1} {
			low, high := min(far*side, (far+1)*side), max(far*side, (far+1)*side)
			v, sum := make([]float32, 1000), 0.0
			snn.TruncatedNormal(0, 1, low, high)(v, tensor.Shape{1000}, 1, "w")
			for _, x := range v {
				require.True(t, float64(x) >= low && float64(x) <= high, "%v", x)
				sum += math.Abs(float64(x)) / 1000
			}
			require.InDelta(t, far, sum, 1.2/far, "%v", far)
		}
	}
}
