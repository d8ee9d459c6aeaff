package live

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/spikelane/spikelane/format/events"
)

// packetBytes is more than a packet has.
const packetBytes = 1 << 16

// UDP listens on an address, as :3333, for the packets that AEStream sends: of
// each event a word of 32 bits, little-endian,
//
//	bit 31        there is no time
//	bits 30 to 16 x
//	bit 15        it became brighter
//	bits 14 to 0  y
//
// and, without bit 31, another word with its time in microseconds, which wraps.
// Events without a time have that of their packet's arrival, since the first
// one's. (github.com/aestream/aestream, src/output/dvs_to_udp.cpp)
//
// A packet that ends inside an event is an error. Packets that are lost on the
// way, or come in another order, are not noticed but by their times. When ctx ends,
// so does the sequence, as at the end of a file.
func UDP(ctx context.Context, address string, o events.Options) (*events.Reader, error) {
	var config net.ListenConfig
	conn, err := config.ListenPacket(ctx, "udp", address)
	if err != nil {
		return nil, fmt.Errorf("live: %w", err)
	}
	d := &udpDecoder{conn: conn, packet: make([]byte, packetBytes)}
	r, err := events.Decoded(d, events.Header{Unit: time.Microsecond, Fixed: true}, o)
	if err != nil {
		conn.Close()
		return nil, err
	}
	context.AfterFunc(ctx, func() { conn.Close() })
	return r, nil
}

// udpDecoder takes events out of packets.
type udpDecoder struct {
	conn   net.PacketConn
	packet []byte
	left   []byte // of it
	begun  time.Time
	now    int64 // arrival of the packet, in microseconds
	passed int64 // periods of the counter of times
	last   int64 // of it
}

// period is that of the counter of times.
const period = 1 << 32

// Decode reads the following events.
func (d *udpDecoder) Decode(dst []events.Raw) (n int, err error) {
	for len(d.left) == 0 {
		if err := d.receive(); err != nil {
			return 0, err
		}
	}
	for n < len(dst) && len(d.left) > 0 {
		word := binary.LittleEndian.Uint32(d.left)
		e := events.Raw{Time: d.now, X: int32(word >> 16 & 0x7fff), Y: int32(word & 0x7fff), Polarity: int32(word >> 15 & 1)}
		d.left = d.left[4:]
		if word>>31 == 0 {
			if len(d.left) < 4 {
				return n, fmt.Errorf("%w: a packet ends before the time of its last event", events.ErrFormat)
			}
			e.Time = d.counted(int64(binary.LittleEndian.Uint32(d.left)))
			d.left = d.left[4:]
		}
		dst[n] = e
		n++
	}
	return n, nil
}

// counted is the time of a count, which begins again at 0.
func (d *udpDecoder) counted(count int64) int64 {
	if d.last-count > period/2 {
		d.passed += period
	}
	d.last = count
	return d.passed + count
}

// receive waits for a packet.
func (d *udpDecoder) receive() error {
	n, _, err := d.conn.ReadFrom(d.packet)
	switch {
	case errors.Is(err, net.ErrClosed):
		return io.EOF
	case err != nil:
		return err
	case n%4 != 0:
		return fmt.Errorf("%w: a packet of %d bytes, which are no whole words of 4", events.ErrFormat, n)
	}
	if d.begun.IsZero() {
		d.begun = time.Now()
	}
	d.left, d.now = d.packet[:n], time.Since(d.begun).Microseconds()
	return nil
}
