package encode_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/tensor"
)

// wave is a file of 16 bits.
func wave(rate, channels int, samples []int16) []byte {
	var b bytes.Buffer
	b.WriteString("RIFF....WAVEfmt \x10\x00\x00\x00\x01\x00")
	for _, v := range []any{uint16(channels), uint32(rate), uint32(2 * rate * channels), uint16(2 * channels), uint16(16)} {
		_ = binary.Write(&b, binary.LittleEndian, v)
	}
	b.WriteString("LIST\x03\x00\x00\x00abc\x00data") // a chunk that is skipped, padded
	_ = binary.Write(&b, binary.LittleEndian, uint32(2*len(samples)))
	_ = binary.Write(&b, binary.LittleEndian, samples)
	return b.Bytes()
}

func TestReadWAV(t *testing.T) {
	file := wave(8000, 2, []int16{100, 300, -32768, -32768})
	s, err := encode.ReadWAV(bytes.NewReader(file))
	require.NoError(t, err)
	require.Equal(t, &encode.Sound{Rate: 8000, Samples: []float32{200. / 32768, -1}}, s)
	for n := range len(file) {
		_, err := encode.ReadWAV(bytes.NewReader(file[:n]))
		require.ErrorIs(t, err, encode.ErrFormat, "%d bytes", n)
	}
	file[20] = 3 // numbers with a point
	_, err = encode.ReadWAV(bytes.NewReader(file))
	require.ErrorIs(t, err, encode.ErrFormat)
}

func FuzzReadWAV(f *testing.F) {
	f.Add(wave(8000, 1, []int16{1, 2, 3}))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := encode.ReadWAV(bytes.NewReader(data))
		if err == nil {
			require.LessOrEqual(t, len(s.Samples), len(data))
		}
	})
}

// A tone is loudest in the band around its frequency, and by Parseval's theorem
// its energy is that of the window.
func TestMelFindsTones(t *testing.T) {
	bank, err := encode.NewMel(encode.Mel{Rate: 8000, Frame: 256, Hop: 80, Bands: 20, Low: 60})
	require.NoError(t, err)
	last := -1
	for _, hertz := range []float64{200, 500, 1000, 2000, 3500} {
		samples := make([]float32, 1000)
		for i := range samples {
			samples[i] = float32(0.5 * math.Sin(2*math.Pi*hertz*float64(i)/8000))
		}
		x := bank.Energies(samples)
		require.Equal(t, tensor.Shape{(1000-256)/80 + 1, 1, 20}, x.Shape)
		best := 0
		for k, v := range x.Data[:20] {
			if v > x.Data[best] {
				best = k
			}
		}
		require.Greater(t, best, last, "%v Hz", hertz)
		last = best
	}
	require.Equal(t, float32(math.Log(1e-6)), bank.Energies(make([]float32, 300)).Data[0])
	require.Zero(t, bank.Energies(make([]float32, 255)).Shape[0])
	for _, m := range []encode.Mel{
		{Rate: 8000, Frame: 255, Hop: 80, Bands: 20}, {Rate: 8000, Frame: 256, Hop: 0, Bands: 20},
		{Rate: 8000, Frame: 256, Hop: 80}, {Rate: 8000, Frame: 256, Hop: 80, Bands: 20, High: 5000},
	} {
		_, err := encode.NewMel(m)
		require.ErrorIs(t, err, tensor.ErrShape)
	}
}
