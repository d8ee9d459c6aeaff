package events

import (
	"encoding/binary"
	"fmt"
	"time"
)

// dat is Prophesee's DAT: lines of text, the type and the size of events, and
// then of each, little-endian, 32 bits of microseconds, which wrap, and x (14
// bits), y (14), polarity (4). Files of version 1 have x (9), y (8), polarity (1).
var dat = Format{
	Name: "dat", What: "Prophesee DAT",
	Match: isProphesee(""),
	Open:  openDAT,
}

const (
	datSize = 8
	// Types of events that are changes of brightness.
	datEvent2D = 0x00
	datEventCD = 0x0c
)

func openDAT(s *Source, _ Options) (Decoder, Header, error) {
	h, err := takeProphesee(s)
	if err != nil {
		return nil, Header{}, err
	}
	kind, err := s.Records(2, 1)
	if err != nil {
		return nil, Header{}, fmt.Errorf("the type of its events: %w", cut(err))
	}
	if kind[0] != datEvent2D && kind[0] != datEventCD || kind[1] != datSize {
		return nil, Header{}, fmt.Errorf("%w: events of type %#x, %d bytes each; those of brightness are of type 0x0 or 0xc, %d bytes", ErrFormat, kind[0], kind[1], datSize)
	}
	d := &datDecoder{in: s, clock: clock{period: 1 << 32}, old: h.version == "1"}
	return d, Header{Sensor: h.sensor, Unit: time.Microsecond, Fixed: true}, nil
}

type datDecoder struct {
	in    *Source
	clock clock
	old   bool
}

func (d *datDecoder) Decode(dst []Raw) (int, error) {
	b, err := d.in.Records(datSize, len(dst))
	if err != nil {
		return 0, err
	}
	for i := range len(b) / datSize {
		e := b[i*datSize:][:datSize]
		word := binary.LittleEndian.Uint32(e[4:])
		raw := Raw{X: int32(word & 0x3fff), Y: int32(word >> 14 & 0x3fff), Polarity: int32(word >> 28)}
		if d.old {
			raw = Raw{X: int32(word & 0x1ff), Y: int32(word >> 9 & 0xff), Polarity: int32(word >> 17 & 1)}
		}
		raw.Time = d.clock.at(int64(binary.LittleEndian.Uint32(e)))
		dst[i] = raw
	}
	return len(b) / datSize, nil
}
