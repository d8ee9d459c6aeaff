package encode

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// Sound is one channel of sound, from -1 to 1.
type Sound struct {
	Rate    int // samples a second
	Samples []float32
}

// maxWAV bounds a file.
const maxWAV = 1 << 28

// ReadWAV reads a RIFF wave file, uncompressed: whole numbers of 8, 16, 24 or 32
// bits, or floats of 32 or 64 bits, which are taken as they are, up to 32768.
// Several channels are averaged.
func ReadWAV(r io.Reader) (*Sound, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxWAV+1))
	if err != nil {
		return nil, fmt.Errorf("encode: wav: %w", err)
	}
	if len(data) > maxWAV {
		return nil, fmt.Errorf("encode: wav: %w: over %d bytes", ErrFormat, maxWAV)
	}
	if len(data) < 12 || string(data[:4]) != "RIFF" || string(data[8:12]) != "WAVE" {
		return nil, fmt.Errorf("encode: wav: %w: no RIFF WAVE header", ErrFormat)
	}
	var format []byte
	for rest := data[12:]; len(rest) >= 8; {
		name, size := string(rest[:4]), int64(binary.LittleEndian.Uint32(rest[4:]))
		rest = rest[8:]
		if size > int64(len(rest)) {
			return nil, fmt.Errorf("encode: wav: %w: the chunk %q is cut short", ErrFormat, name)
		}
		switch name {
		case "fmt ":
			format = rest[:size]
		case "data":
			return sound(format, rest[:size])
		}
		rest = rest[min(int64(len(rest)), size+size%2):]
	}
	return nil, fmt.Errorf("encode: wav: %w: there is no data", ErrFormat)
}

// Kinds of samples, as wave files number them.
const (
	wavWhole      = 1
	wavFloat      = 3
	wavExtensible = 0xFFFE // the kind stands further on, at the head of this GUID
	wavGUID       = "\x00\x00\x00\x00\x10\x00\x80\x00\x00\xAA\x00\x38\x9B\x71"
)

// sound decodes samples.
func sound(format, data []byte) (*Sound, error) {
	if len(format) < 16 {
		return nil, fmt.Errorf("encode: wav: %w: no format before the data", ErrFormat)
	}
	kind, channels := binary.LittleEndian.Uint16(format), int(binary.LittleEndian.Uint16(format[2:]))
	rate, bits := binary.LittleEndian.Uint32(format[4:]), int(binary.LittleEndian.Uint16(format[14:]))
	if kind == wavExtensible && len(format) >= 40 && string(format[26:40]) == wavGUID {
		kind = binary.LittleEndian.Uint16(format[24:])
	}
	read := wavSample(kind, bits)
	if read == nil || channels < 1 || channels > 64 || rate < 1 || rate > 1<<20 {
		return nil, fmt.Errorf("encode: wav: %w: format %d, %d channels, %d bits, %d Hz", ErrFormat, kind, channels, bits, rate)
	}
	each := channels * bits / 8
	s := &Sound{Rate: int(rate), Samples: make([]float32, len(data)/each)}
	for i := range s.Samples {
		sum := 0.0
		for c := range channels {
			v := read(data[i*each+c*bits/8:])
			if !(math.Abs(v) <= 1<<15) {
				return nil, fmt.Errorf("encode: wav: %w: sample %d is %v; sounds are from -1 to 1", ErrFormat, i, v)
			}
			sum += v
		}
		s.Samples[i] = float32(sum / float64(channels))
	}
	return s, nil
}

// wavSample decodes one sample of a kind; nil if there is none such.
func wavSample(kind uint16, bits int) func(at []byte) float64 {
	switch {
	case kind == wavWhole && bits == 8:
		return func(at []byte) float64 { return (float64(at[0]) - 128) / (1 << 7) }
	case kind == wavWhole && bits == 16:
		return func(at []byte) float64 { return float64(int16(binary.LittleEndian.Uint16(at))) / (1 << 15) }
	case kind == wavWhole && bits == 24:
		return func(at []byte) float64 {
			return float64(int32(uint32(at[0])<<8|uint32(at[1])<<16|uint32(at[2])<<24)) / (1 << 31)
		}
	case kind == wavWhole && bits == 32:
		return func(at []byte) float64 { return float64(int32(binary.LittleEndian.Uint32(at))) / (1 << 31) }
	case kind == wavFloat && bits == 32:
		return func(at []byte) float64 { return float64(math.Float32frombits(binary.LittleEndian.Uint32(at))) }
	case kind == wavFloat && bits == 64:
		return func(at []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(at)) }
	}
	return nil
}
