package encode

import (
	"encoding/binary"
	"fmt"
	"io"
)

// Sound is one channel of sound, from -1 to 1.
type Sound struct {
	Rate    int // samples a second
	Samples []float32
}

// maxWAV bounds a file.
const maxWAV = 1 << 28

// ReadWAV reads a RIFF wave file of 8 or 16 bits, uncompressed; several
// channels are averaged.
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

// sound decodes samples.
func sound(format, data []byte) (*Sound, error) {
	if len(format) < 16 {
		return nil, fmt.Errorf("encode: wav: %w: no format before the data", ErrFormat)
	}
	kind, channels := binary.LittleEndian.Uint16(format), int(binary.LittleEndian.Uint16(format[2:]))
	rate, bits := binary.LittleEndian.Uint32(format[4:]), int(binary.LittleEndian.Uint16(format[14:]))
	if kind != 1 || channels < 1 || channels > 64 || bits != 8 && bits != 16 || rate < 1 || rate > 1<<20 {
		return nil, fmt.Errorf("encode: wav: %w: format %d, %d channels, %d bits, %d Hz", ErrFormat, kind, channels, bits, rate)
	}
	each := channels * bits / 8
	s := &Sound{Rate: int(rate), Samples: make([]float32, len(data)/each)}
	for i := range s.Samples {
		sum := 0
		for c := range channels {
			at := data[i*each+c*bits/8:]
			if bits == 8 {
				sum += (int(at[0]) - 128) << 8
			} else {
				sum += int(int16(binary.LittleEndian.Uint16(at)))
			}
		}
		s.Samples[i] = float32(sum) / float32(32768*channels)
	}
	return s, nil
}
