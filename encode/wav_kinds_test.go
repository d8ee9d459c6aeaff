package encode_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/encode"
)

// waveOf is a file of a kind; an extensible one says its kind in a GUID.
func waveOf(kind, bits, channels int, extensible bool, data []byte) []byte {
	var b bytes.Buffer
	put := func(values ...any) {
		for _, v := range values {
			_ = binary.Write(&b, binary.LittleEndian, v)
		}
	}
	b.WriteString("RIFF....WAVEfmt ")
	size, outer := 16, kind
	if extensible {
		size, outer = 40, 0xFFFE
	}
	put(uint32(size), uint16(outer), uint16(channels), uint32(8000), uint32(8000*channels*bits/8), uint16(channels*bits/8), uint16(bits))
	if extensible {
		put(uint16(22), uint16(bits), uint32(0), uint16(kind))
		b.WriteString("\x00\x00\x00\x00\x10\x00\x80\x00\x00\xAA\x00\x38\x9B\x71")
	}
	b.WriteString("data")
	put(uint32(len(data)), data)
	return b.Bytes()
}

// Every kind of sample says the same sound.
func TestKindsOfWAV(t *testing.T) {
	want := []float32{0.5, -1, 0}
	float64s := make([]byte, 0, 24)
	float32s := make([]byte, 0, 12)
	for _, v := range want {
		float32s = binary.LittleEndian.AppendUint32(float32s, math.Float32bits(v))
		float64s = binary.LittleEndian.AppendUint64(float64s, math.Float64bits(float64(v)))
	}
	for _, c := range []struct {
		kind, bits int
		data       []byte
	}{
		{1, 8, []byte{192, 0, 128}},
		{1, 16, []byte{0, 0x40, 0, 0x80, 0, 0}},
		{1, 24, []byte{0, 0, 0x40, 0, 0, 0x80, 0, 0, 0}},
		{1, 32, []byte{0, 0, 0, 0x40, 0, 0, 0, 0x80, 0, 0, 0, 0}},
		{3, 32, float32s},
		{3, 64, float64s},
	} {
		for _, extensible := range []bool{false, true} {
			s, err := encode.ReadWAV(bytes.NewReader(waveOf(c.kind, c.bits, 1, extensible, c.data)))
			require.NoError(t, err, "kind %d, %d bits", c.kind, c.bits)
			require.Equal(t, want, s.Samples, "kind %d, %d bits", c.kind, c.bits)
		}
	}
	for _, v := range []float32{float32(math.NaN()), float32(math.Inf(-1)), 1e9} {
		bad := binary.LittleEndian.AppendUint32(nil, math.Float32bits(v))
		_, err := encode.ReadWAV(bytes.NewReader(waveOf(3, 32, 1, false, bad)))
		require.ErrorIs(t, err, encode.ErrFormat)
		require.ErrorContains(t, err, "sample 0")
	}
	for _, bad := range [][2]int{{1, 12}, {1, 64}, {3, 16}, {3, 24}, {6, 8}, {7, 8}} {
		_, err := encode.ReadWAV(bytes.NewReader(waveOf(bad[0], bad[1], 1, true, make([]byte, 16))))
		require.ErrorIs(t, err, encode.ErrFormat)
	}
	guid := waveOf(1, 16, 1, true, make([]byte, 4))
	guid[12+8+30]++
	_, err := encode.ReadWAV(bytes.NewReader(guid))
	require.ErrorIs(t, err, encode.ErrFormat, "another GUID")
}
