package encode

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"
)

// bs2Size is the length of an event in a .bs2 file, as slayerPytorch writes
// them: big-endian x (8 bits), y (8), polarity (1), microseconds (23).
const bs2Size = 5

// ReadBS2 reads the events of a .bs2 recording, one after another, without
// holding more than a few. The time of the format ends at 8.39 s.
//
// The sequence ends with an error that wraps [ErrFormat], and says which event
// is wrong, where the file is cut or empty, an event lies outside the sensor,
// or time goes backwards; other errors come from r.
func ReadBS2(r io.Reader, sensor Sensor) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		in := bufio.NewReader(r)
		var last time.Duration
		for i := 0; ; i++ {
			e, err := readBS2Event(in)
			if err == io.EOF && i > 0 {
				return
			}
			if err == io.EOF {
				err = fmt.Errorf("%w: the file is empty, a recording has an event at the least: %w", ErrFormat, err)
			}
			if err == nil {
				err = sensor.check(e)
				if err == nil && e.Time < last {
					err = fmt.Errorf("it is at %v, after one at %v", e.Time, last)
				}
				if err != nil {
					err = fmt.Errorf("%w: %w", ErrFormat, err)
				}
			}
			if err != nil {
				yield(Event{}, fmt.Errorf("event %d at byte %d: %w", i, i*bs2Size, err))
				return
			}
			last = e.Time
			if !yield(e, nil) {
				return
			}
		}
	}
}

func readBS2Event(r io.Reader) (Event, error) {
	var b [bs2Size]byte
	n, err := io.ReadFull(r, b[:])
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return Event{}, fmt.Errorf("%w: the file ends after %d of its %d bytes", ErrFormat, n, bs2Size)
	}
	if err != nil {
		return Event{}, err
	}
	return Event{
		X: uint16(b[0]), Y: uint16(b[1]), On: b[2]>>7 == 1,
		Time: time.Duration(uint32(b[2]&0x7f)<<16|uint32(b[3])<<8|uint32(b[4])) * time.Microsecond,
	}, nil
}
