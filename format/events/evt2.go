package events

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"time"
)

// evt2 is Prophesee's EVT 2.0: words of 32 bits, little-endian, whose upper 4
// are their type. A change of brightness has 6 bits of microseconds, x (11 bits)
// and y (11); the 28 bits above these 6 come in words of their own.
// (docs.prophesee.ai, EVT 2.0 Format)
var evt2 = Format{
	Name: "evt2", What: "Prophesee EVT 2.0",
	Match: isProphesee("evt2"),
	Open: func(s *Source, _ Options) (Decoder, Header, error) {
		h, err := takeProphesee(s)
		return &evt2Decoder{in: s, base: evtBase{clock: clock{period: 1 << 28}}}, Header{Sensor: h.sensor, Unit: time.Microsecond, Fixed: true}, err
	},
}

// evt21 is EVT 2.1: words of 64 bits, whose lower 32 are one pixel each, from x
// to the right. "little" words come as a whole, others their upper half first.
// (docs.prophesee.ai, EVT 2.1 Format)
var evt21 = Format{
	Name: "evt21", What: "Prophesee EVT 2.1",
	Match: isProphesee("evt21"),
	Open: func(s *Source, _ Options) (Decoder, Header, error) {
		h, err := takeProphesee(s)
		if order := h.options["endianness"]; err == nil && order != "" && order != "little" && order != "legacy" {
			err = fmt.Errorf("%w: the header says endianness %.20q; it is little or legacy", ErrFormat, order)
		}
		d := &evt21Decoder{in: s, base: evtBase{clock: clock{period: 1 << 28}}, whole: h.options["endianness"] == "little"}
		return d, Header{Sensor: h.sensor, Unit: time.Microsecond, Fixed: true}, err
	},
}

// Types of words of EVT 2.0 and 2.1.
const (
	evtOff      = 0x0
	evtOn       = 0x1
	evtTimeHigh = 0x8
)

// evtBase is the upper part of a time. What comes before the first has no time,
// and is passed over.
type evtBase struct {
	clock clock
	known bool
	high  int64
}

// set takes the next.
func (b *evtBase) set(high int64) { b.high, b.known = b.clock.at(high), true }

type evt2Decoder struct {
	in   *Source
	base evtBase
}

func (d *evt2Decoder) Decode(dst []Raw) (n int, err error) {
	for n == 0 {
		b, err := d.in.Records(4, len(dst))
		if err != nil {
			return 0, err
		}
		for ; len(b) > 0; b = b[4:] {
			word := binary.LittleEndian.Uint32(b)
			switch kind := word >> 28; {
			case kind == evtTimeHigh:
				d.base.set(int64(word & 0xfffffff))
			case kind <= evtOn && d.base.known:
				dst[n] = Raw{Time: d.base.high<<6 | int64(word>>22&0x3f), X: int32(word >> 11 & 0x7ff), Y: int32(word & 0x7ff), Polarity: int32(kind)}
				n++
			}
		}
	}
	return n, nil
}

type evt21Decoder struct {
	in    *Source
	base  evtBase
	whole bool   // words are little-endian as a whole
	words []byte // taken
	first Raw    // of a vector, at its x
	mask  uint32 // of it, what has not been given out
}

func (d *evt21Decoder) Decode(dst []Raw) (n int, err error) {
	for n == 0 {
		if len(d.words) == 0 && d.mask == 0 {
			if d.words, err = d.in.Records(8, 1<<12); err != nil {
				return 0, err
			}
		}
		for n < len(dst) && (d.mask != 0 || len(d.words) > 0) {
			if d.mask == 0 {
				d.take()
				continue
			}
			dst[n] = d.first
			dst[n].X += int32(bits.TrailingZeros32(d.mask))
			d.mask &= d.mask - 1
			n++
		}
	}
	return n, nil
}

// take reads a word.
func (d *evt21Decoder) take() {
	word := binary.LittleEndian.Uint64(d.words)
	if !d.whole {
		word = word<<32 | word>>32
	}
	d.words = d.words[8:]
	switch kind := word >> 60; {
	case kind == evtTimeHigh:
		d.base.set(int64(word >> 32 & 0xfffffff))
	case kind <= evtOn && d.base.known:
		d.first = Raw{Time: d.base.high<<6 | int64(word>>54&0x3f), X: int32(word >> 43 & 0x7ff), Y: int32(word >> 32 & 0x7ff), Polarity: int32(kind)}
		d.mask = uint32(word)
	}
}
