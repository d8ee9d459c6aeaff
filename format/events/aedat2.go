package events

import (
	"bytes"
	"encoding/binary"
	"strings"
	"time"
)

// aedat2 is AEDAT 2.0, jAER's format: lines of text that begin with #, and then
// of each event, big-endian, 32 bits of address and 32 of microseconds, which
// wrap. What an address means depends on the camera, which the header names;
// without a name it is a DVS128. As in jAER, x counts from the other side than
// the address, and of a DVS128 bit 0 is set where it became darker.
// (docs.inivation.com, AEDAT 2.0; net.sf.jaer.chip.retina)
var aedat2 = Format{
	Name: "aedat2", What: "AEDAT 2.0",
	Match: func(head []byte, _ string) bool { return bytes.HasPrefix(head, []byte("#!AER-DAT2.")) },
	Open:  openAEDAT2,
}

// aerLayout is where the address of a camera has what.
type aerLayout struct {
	names         []string // of chips, in headers
	sensor        Sensor
	xShift        uint
	yShift        uint
	polarity      uint32
	darker        bool   // the bit of the polarity is set where it became darker
	others        uint32 // bits that are set of what is no change of brightness
	width, height uint32 // masks after shifting
}

var aerLayouts = []aerLayout{
	{names: []string{"DAVIS346", "Davis346"}, sensor: Sensor{346, 260}, xShift: 12, yShift: 22, polarity: 1 << 11, others: 1<<31 | 1<<10, width: 0x3ff, height: 0x1ff},
	{names: []string{"DAVIS240", "Davis240", "SBRet10"}, sensor: Sensor{240, 180}, xShift: 12, yShift: 22, polarity: 1 << 11, others: 1<<31 | 1<<10, width: 0x3ff, height: 0x1ff},
	{sensor: Sensor{128, 128}, xShift: 1, yShift: 8, polarity: 1, darker: true, others: 1 << 15, width: 0x7f, height: 0x7f},
}

func openAEDAT2(s *Source, _ Options) (Decoder, Header, error) {
	text, err := takeHashes(s)
	if err != nil {
		return nil, Header{}, err
	}
	d := &aedat2Decoder{in: s, layout: aerLayouts[len(aerLayouts)-1], clock: clock{period: 1 << 32}}
	for _, l := range aerLayouts {
		for _, name := range l.names {
			if strings.Contains(text, name) {
				d.layout = l
			}
		}
	}
	return d, Header{Sensor: d.layout.sensor, Unit: time.Microsecond, Fixed: true}, nil
}

// takeHashes takes the lines at the beginning that begin with #.
func takeHashes(s *Source) (string, error) {
	var text strings.Builder
	for {
		next, err := s.Peek(1)
		if err != nil {
			return "", err
		}
		if len(next) == 0 || next[0] != '#' {
			return text.String(), nil
		}
		line, err := s.Line()
		if err != nil {
			return "", err
		}
		if text.Len()+len(line) > sourceBytes {
			return "", tooLong("the header")
		}
		text.Write(line)
		text.WriteByte('\n')
		if string(line) == "#!END-HEADER" {
			return text.String(), nil
		}
	}
}

type aedat2Decoder struct {
	in     *Source
	layout aerLayout
	clock  clock
}

func (d *aedat2Decoder) Decode(dst []Raw) (n int, err error) {
	for n == 0 {
		b, err := d.in.Records(8, len(dst))
		if err != nil {
			return 0, err
		}
		for ; len(b) > 0; b = b[8:] {
			address := binary.BigEndian.Uint32(b)
			now := d.clock.at(int64(binary.BigEndian.Uint32(b[4:])))
			if address&d.layout.others == 0 {
				dst[n] = d.layout.event(address, now)
				n++
			}
		}
	}
	return n, nil
}

// event is what an address means.
func (l *aerLayout) event(address uint32, now int64) Raw {
	e := Raw{
		Time: now,
		X:    int32(l.sensor.Width-1) - int32(address>>l.xShift&l.width),
		Y:    int32(address >> l.yShift & l.height),
	}
	if (address&l.polarity != 0) != l.darker {
		e.Polarity = 1
	}
	return e
}
