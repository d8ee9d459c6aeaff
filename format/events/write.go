package events

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spikelane/spikelane/internal/atomicfile"
)

// writers are the formats that are written, by the endings of their files.
var writers = map[string]func(f *os.File, seq iter.Seq2[Event, error]) (int, error){
	".bs2": func(f *os.File, seq iter.Seq2[Event, error]) (int, error) { return WriteBS2(f, seq) },
	".npy": func(f *os.File, seq iter.Seq2[Event, error]) (int, error) { return WriteNPY(f, seq) },
	".csv": func(f *os.File, seq iter.Seq2[Event, error]) (int, error) { return WriteCSV(f, seq) },
}

// WriteFile writes a recording into a file, .bs2, .npy or .csv by its ending,
// and returns how many events it has written: all of them, or there is an error
// and a file of that name stays as it was. An error of seq is returned.
func WriteFile(path string, seq iter.Seq2[Event, error]) (n int, err error) {
	write, known := writers[strings.ToLower(filepath.Ext(path))]
	if !known {
		return 0, fmt.Errorf("events: %w: %s: recordings are written as .bs2, .npy or .csv", ErrOption, path)
	}
	err = atomicfile.WriteFrom(path, func(f *os.File) error {
		var err error
		n, err = write(f, seq)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("events: %s: %w", path, err)
	}
	return n, nil
}

// each calls write with every event of a sequence.
func each(seq iter.Seq2[Event, error], write func(e Event) error) (n int, err error) {
	for e, err := range seq {
		if err == nil {
			err = write(e)
		}
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// WriteBS2 writes a recording as N-MNIST's and SLAYER's .bs2: 5 bytes an event.
// An event that these cannot hold is an error: x or y over 255, and a time that
// is no whole number of microseconds or over 8.39 s.
func WriteBS2(w io.Writer, seq iter.Seq2[Event, error]) (n int, err error) {
	out := bufio.NewWriter(w)
	n, err = each(seq, func(e Event) error {
		us := uint32(e.Time / time.Microsecond)
		if e.X > 255 || e.Y > 255 || e.Time < 0 || e.Time >= 1<<23*time.Microsecond || e.Time%time.Microsecond != 0 {
			return fmt.Errorf("%w: .bs2 has room for x and y to 255 and whole microseconds to 8.39 s, not for %d, %d at %v: write .npy", ErrOption, e.X, e.Y, e.Time)
		}
		if e.On {
			us |= 1 << 23
		}
		_, err := out.Write([]byte{byte(e.X), byte(e.Y), byte(us >> 16), byte(us >> 8), byte(us)})
		return err
	})
	if err == nil {
		err = out.Flush()
	}
	return n, err
}

// WriteCSV writes a recording as a table with the header t_us,x,y,p; times have
// a fraction where they are no whole microseconds.
func WriteCSV(w io.Writer, seq iter.Seq2[Event, error]) (n int, err error) {
	out := bufio.NewWriter(w)
	out.WriteString("t_us,x,y,p\n")
	var line []byte
	n, err = each(seq, func(e Event) error {
		line = strconv.AppendInt(line[:0], int64(e.Time/time.Microsecond), 10)
		if ns := e.Time % time.Microsecond; ns != 0 {
			line = fmt.Appendf(line, ".%03d", ns)
		}
		for _, v := range [3]uint64{uint64(e.X), uint64(e.Y), polarity(e)} {
			line = strconv.AppendUint(append(line, ','), v, 10)
		}
		_, err := out.Write(append(line, '\n'))
		return err
	})
	if err == nil {
		err = out.Flush()
	}
	return n, err
}

func polarity(e Event) uint64 {
	if e.On {
		return 1
	}
	return 0
}

// npyRecord is how [WriteNPY] writes an event: as tonic's structured arrays.
const (
	npyRecord = "[('x', '<u2'), ('y', '<u2'), ('t', '<i8'), ('p', '|i1')]"
	npySize   = 13
)

// WriteNPY writes a recording as a structured array with the fields x, y, t in
// microseconds, and p, as tonic has them. Times are cut to whole microseconds.
// f is at its beginning, and its header is written again when the number of
// events is known: a pipe, or a file that is appended to, is an error.
func WriteNPY(f interface {
	io.Writer
	io.WriterAt
}, seq iter.Seq2[Event, error]) (n int, err error) {
	if _, err := f.Write(npyHeader(0)); err != nil {
		return 0, err
	}
	out := bufio.NewWriter(f)
	var b [npySize]byte
	n, err = each(seq, func(e Event) error {
		t := uint64(e.Time / time.Microsecond)
		b = [npySize]byte{byte(e.X), byte(e.X >> 8), byte(e.Y), byte(e.Y >> 8),
			byte(t), byte(t >> 8), byte(t >> 16), byte(t >> 24), byte(t >> 32), byte(t >> 40), byte(t >> 48), byte(t >> 56), byte(polarity(e))}
		_, err := out.Write(b[:])
		return err
	})
	if err == nil {
		err = out.Flush()
	}
	if err == nil {
		_, err = f.WriteAt(npyHeader(n), 0)
	}
	return n, err
}

// npyHeader is that of so many events, always of the same length.
func npyHeader(n int) []byte {
	dict := fmt.Sprintf("{'descr': %s, 'fortran_order': False, 'shape': (%d,), }", npyRecord, n)
	const length = 256 - 10
	return append([]byte("\x93NUMPY\x01\x00\xf6\x00"), fmt.Sprintf("%-*s\n", length-1, dict)...)
}
