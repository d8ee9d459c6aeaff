package events

import (
	"encoding/binary"
	"math/bits"
	"time"
)

// evt3 is Prophesee's EVT 3.0: words of 16 bits, little-endian, whose upper 4
// are their type, and which change what the next ones begin with: y, the lower
// and the upper 12 bits of a time that wraps after 2^24 microseconds, the x at
// which vectors of 12 or 8 pixels begin. (docs.prophesee.ai, EVT 3.0 Format)
//
// The upper part of a time clears the lower, so that it does not go back when
// that follows. What comes before the first time is passed over.
//
// Some files do not send the upper part when the lower begins again: those of
// expelliarmus, and of cameras that repeat a time every millisecond. Once that
// has been seen, every time that the lower part goes back counts as one more of
// the upper, as expelliarmus counts: the files' own tables agree with that.
var evt3 = Format{
	Name: "evt3", What: "Prophesee EVT 3.0",
	Match: isProphesee("evt3"),
	Open: func(s *Source, _ Options) (Decoder, Header, error) {
		h, err := takeProphesee(s)
		return &evt3Decoder{in: s, base: evtBase{clock: clock{period: 1 << 12}}}, Header{Sensor: h.sensor, Unit: time.Microsecond, Fixed: true}, err
	},
}

// Types of words of EVT 3.0.
const (
	evt3Y        = 0x0
	evt3X        = 0x2
	evt3BaseX    = 0x3
	evt3Vector12 = 0x4
	evt3Vector8  = 0x5
	evt3TimeLow  = 0x6
	evt3TimeHigh = 0x8
)

type evt3Decoder struct {
	in    *Source
	base  evtBase
	low   int64  // of the time before
	moved bool   // the upper part has changed since
	lost  bool   // a change of the upper part was missing
	extra int64  // changes that were
	words []byte // taken
	next  Raw    // what the next event is, but for its x
	from  int32  // where a vector begins
	on    int32  // of a vector
	mask  uint32 // of a vector, what has not been given out, from x next.X on
}

func (d *evt3Decoder) Decode(dst []Raw) (n int, err error) {
	for n == 0 {
		if len(d.words) == 0 && d.mask == 0 {
			if d.words, err = d.in.Records(2, 1<<14); err != nil {
				return 0, err
			}
		}
		n = d.words16(dst)
	}
	return n, nil
}

// words16 reads words until dst is full or they are at their end.
func (d *evt3Decoder) words16(dst []Raw) (n int) {
	for n < len(dst) {
		if d.mask != 0 {
			dst[n] = d.next
			dst[n].X += int32(bits.TrailingZeros32(d.mask))
			d.mask &= d.mask - 1
			n++
			continue
		}
		if len(d.words) == 0 {
			break
		}
		word := binary.LittleEndian.Uint16(d.words)
		d.words = d.words[2:]
		low := int32(word & 0x7ff)
		switch word >> 12 {
		case evt3Y:
			d.next.Y = low
		case evt3X:
			d.vector(low, int32(word>>11&1), 1)
		case evt3BaseX:
			d.from, d.on = low, int32(word>>11&1)
		case evt3Vector12:
			d.vector(d.from, d.on, uint32(word&0xfff))
			d.from += 12
		case evt3Vector8:
			d.vector(d.from, d.on, uint32(word&0xff))
			d.from += 8
		case evt3TimeLow:
			d.setLow(int64(word & 0xfff))
		case evt3TimeHigh:
			before := d.base.high
			d.base.set(int64(word & 0xfff))
			d.moved = d.moved || d.base.high != before
			d.next.Time = (d.base.high + d.extra) << 12
		}
	}
	return n
}

// setLow takes the lower part of a time.
func (d *evt3Decoder) setLow(low int64) {
	if low < d.low && (d.lost || !d.moved) {
		d.lost = true
		d.extra++
	}
	d.low, d.moved = low, false
	d.next.Time = (d.base.high+d.extra)<<12 | low
}

// vector begins to give out pixels.
func (d *evt3Decoder) vector(x, on int32, mask uint32) {
	if d.base.known {
		d.next.X, d.next.Polarity, d.mask = x, on, mask
	}
}
