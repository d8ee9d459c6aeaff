// Package aedat4 makes the package events read AEDAT 4.0, the format of
// iniVation's DV:
//
//	import _ "github.com/spikelane/spikelane/format/events/aedat4"
//
// It is a module of its own, for who needs it: packets are compressed with LZ4
// or Zstandard, by libraries that others do not have to link.
//
// A file is a line, a header, and packets, little-endian:
//
//	#!AER-DAT4.0\r\n
//	4 bytes of length, and a FlatBuffer IOHE: the compression, where the table of
//	  packets is (-1 if it was not written), and XML that tells what the streams are
//	of each packet 4 bytes of stream, 4 of length, and, compressed, 4 of length and
//	  a FlatBuffer: of events, EVTS, structs of t (8 bytes), x (2), y (2), on (1) and
//	  3 of nothing
//
// (gitlab.com/inivation/dv, AEDAT 4.0) Events of the first stream of events are
// read, or of the one that Options.Group names by its number or name; frames,
// inertial and trigger packets are passed over. FlatBuffers of files that may
// come from anywhere are read by a few functions of this package, since Go's
// library for them does not check where their offsets lead.
package aedat4

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"time"

	"github.com/spikelane/spikelane/format/events"
)

const (
	mark = "#!AER-DAT4.0\r\n"
	// packetBytes bounds a packet, packed and unpacked: those that DV writes are
	// of some hundred kilobytes.
	packetBytes = 1 << 24
	eventSize   = 16
)

func init() {
	events.Register(events.Format{
		Name: "aedat4", What: "AEDAT 4.0",
		Match: func(head []byte, _ string) bool { return bytes.HasPrefix(head, []byte(mark)) },
		Open:  open,
	})
}

// open reads the header.
func open(s *events.Source, o events.Options) (events.Decoder, events.Header, error) {
	if _, err := s.Records(len(mark), 1); err != nil {
		return nil, events.Header{}, cut(err)
	}
	data, err := piece(s, nil)
	if err != nil {
		return nil, events.Header{}, fmt.Errorf("the header: %w", err)
	}
	h, err := parseHeader(data)
	if err != nil {
		return nil, events.Header{}, fmt.Errorf("the header: %w", err)
	}
	stream, err := h.pick(o.Group)
	if err != nil {
		return nil, events.Header{}, err
	}
	u, err := newUnpacker(h.compression)
	if err != nil {
		return nil, events.Header{}, err
	}
	d := &decoder{in: s, stream: stream.id, end: h.table, unpack: u}
	return d, events.Header{Sensor: stream.sensor, Unit: time.Microsecond, Fixed: true}, nil
}

// cut is the error of a file that ends where something has to be.
func cut(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return events.ErrTruncated
	}
	return err
}

// piece reads 4 bytes of length and so many more into a buffer.
func piece(in io.Reader, buffer []byte) ([]byte, error) {
	var length [4]byte
	if _, err := io.ReadFull(in, length[:]); err != nil {
		return nil, cut(err)
	}
	return fill(in, int64(binary.LittleEndian.Uint32(length[:])), buffer)
}

// fill reads so many bytes, in memory that grows as they come.
func fill(in io.Reader, n int64, buffer []byte) ([]byte, error) {
	if n < 0 || n > packetBytes {
		return nil, fmt.Errorf("%w: a piece of %d bytes; there are at most %d", events.ErrFormat, n, packetBytes)
	}
	b := bytes.NewBuffer(buffer[:0])
	if _, err := io.CopyN(b, in, n); err != nil {
		return nil, fmt.Errorf("%d of %d bytes: %w", b.Len(), n, cut(err))
	}
	return b.Bytes(), nil
}

// decoder takes events out of packets.
type decoder struct {
	in       *events.Source
	stream   int32
	end      int64 // where the table of packets begins, or less than 1
	unpack   *unpacker
	packed   []byte
	unpacked []byte
	left     []byte // events of this packet
}

// Decode reads the following events.
func (d *decoder) Decode(dst []events.Raw) (int, error) {
	for len(d.left) == 0 {
		if err := d.packet(); err != nil {
			return 0, err
		}
	}
	n := min(len(dst), len(d.left)/eventSize)
	for i := range dst[:n] {
		e := d.left[i*eventSize:][:eventSize]
		dst[i] = events.Raw{
			Time:     int64(binary.LittleEndian.Uint64(e)),
			X:        int32(int16(binary.LittleEndian.Uint16(e[8:]))),
			Y:        int32(int16(binary.LittleEndian.Uint16(e[10:]))),
			Polarity: int32(e[12]),
		}
	}
	d.left = d.left[n*eventSize:]
	return n, nil
}

// packet reads packets until one is of the stream.
func (d *decoder) packet() error {
	if d.end > 0 && d.in.Offset() >= d.end {
		return io.EOF
	}
	head, err := d.in.Records(8, 1)
	if err != nil {
		return err
	}
	stream, size := int32(binary.LittleEndian.Uint32(head)), int64(int32(binary.LittleEndian.Uint32(head[4:])))
	if stream != d.stream {
		if n, err := io.CopyN(io.Discard, d.in, size); err != nil || size < 0 {
			return fmt.Errorf("%d of %d bytes of a packet: %w", n, size, cut(err))
		}
		return nil
	}
	if d.packed, err = fill(d.in, size, d.packed); err != nil {
		return fmt.Errorf("a packet: %w", err)
	}
	if d.unpacked, err = d.unpack.bytes(d.packed, d.unpacked); err != nil {
		return fmt.Errorf("%w: the packet before byte %d: %w", events.ErrFormat, d.in.Offset(), err)
	}
	if d.left, err = eventStructs(d.unpacked); err != nil {
		return fmt.Errorf("%w: the packet before byte %d: %w", events.ErrFormat, d.in.Offset(), err)
	}
	return nil
}
