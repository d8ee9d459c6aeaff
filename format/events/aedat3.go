package events

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"time"
)

// aedat3 is AEDAT 3.1, cAER's format: lines of text to #!END-HEADER, and packets
// of events of one type, little-endian. Those of the polarity type are events;
// others, and events that are marked as invalid, are passed over.
// (docs.inivation.com, AEDAT 3.1)
var aedat3 = Format{
	Name: "aedat3", What: "AEDAT 3.1",
	Match: func(head []byte, _ string) bool { return bytes.HasPrefix(head, []byte("#!AER-DAT3.")) },
	Open: func(s *Source, _ Options) (Decoder, Header, error) {
		_, err := takeHashes(s)
		return &aedat3Decoder{in: s}, Header{Unit: time.Microsecond, Fixed: true}, err
	},
}

const (
	aedat3Packet   = 28 // bytes of a packet's header
	aedat3Event    = 8  // of an event of brightness
	aedat3Polarity = 1  // their type
)

type aedat3Decoder struct {
	in       *Source
	left     int64 // events of this packet
	overflow int64 // of its times, in microseconds
}

func (d *aedat3Decoder) Decode(dst []Raw) (n int, err error) {
	for n == 0 {
		for d.left == 0 {
			if err := d.packet(); err != nil {
				return 0, err
			}
		}
		b, err := d.in.Records(aedat3Event, int(min(d.left, int64(len(dst)))))
		if err != nil {
			return 0, cut(err)
		}
		d.left -= int64(len(b) / aedat3Event)
		for ; len(b) > 0; b = b[aedat3Event:] {
			word := binary.LittleEndian.Uint32(b)
			if word&1 == 0 { // not valid
				continue
			}
			now := int64(int32(binary.LittleEndian.Uint32(b[4:])))
			if now < 0 {
				return n, fmt.Errorf("%w: a time of %d", ErrFormat, now)
			}
			dst[n] = Raw{d.overflow + now, int32(word >> 17), int32(word >> 2 & 0x7fff), int32(word >> 1 & 1)}
			n++
		}
	}
	return n, nil
}

// packet takes the header of the next packet of events of brightness.
func (d *aedat3Decoder) packet() error {
	b, err := d.in.Records(aedat3Packet, 1)
	if err != nil {
		return err
	}
	field := func(at int) int64 { return int64(int32(binary.LittleEndian.Uint32(b[at:]))) }
	kind, size, overflow, number := binary.LittleEndian.Uint16(b), field(4), field(12), field(20)
	if size < 1 || overflow < 0 || number < 0 {
		return fmt.Errorf("%w: a packet of %d events of %d bytes, overflow %d, before byte %d", ErrFormat, number, size, overflow, d.in.Offset())
	}
	if kind != aedat3Polarity {
		if n, err := io.CopyN(io.Discard, d.in, number*size); err != nil {
			return fmt.Errorf("%d of %d bytes of a packet of type %d: %w", n, number*size, kind, cut(err))
		}
		return nil
	}
	if size != aedat3Event {
		return fmt.Errorf("%w: events of brightness of %d bytes, not %d, before byte %d", ErrFormat, size, aedat3Event, d.in.Offset())
	}
	d.left, d.overflow = number, overflow<<31
	return nil
}
