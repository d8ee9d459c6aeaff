package events

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"
)

// eventStream is Event Stream 2 (.es): 12 bytes of name, three of version, one of
// type, the size of the sensor, and events, each with the time since the one
// before. (github.com/neuromorphic-paris/event_stream)
var eventStream = Format{
	Name: "es", What: "Event Stream",
	Match: func(head []byte, _ string) bool { return bytes.HasPrefix(head, []byte(esName)) && len(head) > esHeader },
	Open:  openEventStream,
}

const (
	esName   = "Event Stream"
	esHeader = 16 // with the type
	esEvent  = 5
	esDVS    = 1
	esATIS   = 2
)

// esTypes are the names of the types of streams.
var esTypes = []string{"generic events", "DVS events", "ATIS events", "events of a display", "colour events", "liquid events"}

func openEventStream(s *Source, _ Options) (Decoder, Header, error) {
	head, err := s.Records(esHeader, 1)
	if err != nil {
		return nil, Header{}, cut(err)
	}
	version, kind := head[len(esName):][:3:3], int(head[esHeader-1])
	switch {
	case version[0] != 2:
		return nil, Header{}, fmt.Errorf("%w: version %d.%d.%d; 2 is read", ErrFormat, version[0], version[1], version[2])
	case kind >= len(esTypes):
		return nil, Header{}, fmt.Errorf("%w: type %d", ErrFormat, kind)
	case kind != esDVS && kind != esATIS:
		return nil, Header{}, fmt.Errorf("%w: %s, which have no pixel that became brighter or darker; DVS and ATIS events do", ErrFormat, esTypes[kind])
	}
	size, err := s.Records(4, 1)
	if err != nil {
		return nil, Header{}, fmt.Errorf("the size of the sensor: %w", cut(err))
	}
	h := Header{Unit: time.Microsecond, Fixed: true}
	h.Sensor = Sensor{int(binary.LittleEndian.Uint16(size)), int(binary.LittleEndian.Uint16(size[2:]))}
	if !h.Sensor.Known() {
		return nil, h, fmt.Errorf("%w: a sensor of %v", ErrFormat, h.Sensor)
	}
	if kind == esATIS {
		return &esDecoder{in: s, step: atisByte}, h, nil
	}
	return &esDecoder{in: s, step: dvsByte}, h, nil
}

// esDecoder reads DVS and ATIS events: a byte with some time, and x and y of two
// bytes each.
type esDecoder struct {
	in   *Source
	now  int64
	step func(b byte) (wait int64, polarity int32, event, kept bool)
}

// dvsByte understands the first byte of a DVS event, or one that stands alone.
func dvsByte(b byte) (wait int64, polarity int32, event, kept bool) {
	switch b {
	case 0xff: // overflow
		return 127, 0, false, false
	case 0xfe: // reset
		return 0, 0, false, false
	}
	return int64(b >> 1), int32(b & 1), true, true
}

// atisByte is dvsByte of an ATIS event, which may tell a level of brightness:
// those are passed over.
func atisByte(b byte) (wait int64, polarity int32, event, kept bool) {
	if b >= 0xfc { // overflows, and with none of them a reset
		return 63 * int64(b&3), 0, false, false
	}
	return int64(b >> 2), int32(b >> 1 & 1), true, b&1 == 0
}

func (d *esDecoder) Decode(dst []Raw) (n int, err error) {
	for n == 0 {
		b, err := d.in.some()
		if err != nil {
			return 0, err
		}
		used := 0
		for used < len(b) && n < len(dst) {
			wait, polarity, event, kept := d.step(b[used])
			if !event {
				d.now += wait
				used++
				continue
			}
			if len(b)-used < esEvent {
				break
			}
			d.now += wait
			if kept {
				dst[n] = Raw{d.now, int32(binary.LittleEndian.Uint16(b[used+1:])), int32(binary.LittleEndian.Uint16(b[used+3:])), polarity}
				n++
			}
			used += esEvent
		}
		d.in.take(used)
		if used == 0 { // an event of which the rest has not come
			if err := d.in.wait(esEvent); err != nil {
				return 0, err
			}
		}
	}
	return n, nil
}
