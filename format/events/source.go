package events

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// sourceBytes is how much of a source is held at once.
const sourceBytes = 1 << 16

// Source is the bytes of a recording, from a file or a stream.
type Source struct {
	in   *bufio.Reader
	at   io.ReaderAt // nil of a stream
	size int64       // of a file
	name string      // base name of a file
	read int64       // bytes taken
}

// newSource takes from r, which may be an *os.File that can be read anywhere.
func newSource(r io.Reader) *Source {
	s := &Source{in: bufio.NewReaderSize(r, sourceBytes)}
	f, ok := r.(*os.File)
	if !ok {
		return s
	}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		s.at, s.size, s.name = f, info.Size(), filepath.Base(f.Name())
	}
	return s
}

// Offset is how many bytes have been taken.
func (s *Source) Offset() int64 { return s.read }

// File is the whole file, from its beginning, for formats that are read here
// and there. A stream has none.
func (s *Source) File() (at io.ReaderAt, size int64, err error) {
	if s.at == nil {
		return nil, 0, fmt.Errorf("%w: this format is read here and there, and a stream only from the beginning on: name a file", ErrOption)
	}
	return s.at, s.size, nil
}

// Read takes bytes, as an [io.Reader]; it and the other methods may be mixed.
func (s *Source) Read(p []byte) (int, error) {
	n, err := s.in.Read(p)
	s.read += int64(n)
	return n, err
}

// Records takes whole records of size bytes, at least one and at most most, as
// many as have come; it waits for the first alone. They are valid until the
// next call. The error is [io.EOF] between records at the end, and wraps
// [ErrTruncated] inside one. size is at most 64 KiB.
func (s *Source) Records(size, most int) ([]byte, error) {
	if _, err := s.in.Peek(1); err != nil {
		return nil, err
	}
	if err := s.wait(size); err != nil {
		return nil, err
	}
	n := min(s.in.Buffered()/size, most) * size
	b, _ := s.in.Peek(n)
	s.in.Discard(n)
	s.read += int64(n)
	return b, nil
}

// some is what has come, a byte at least, without taking it. The error is
// [io.EOF] at the end.
func (s *Source) some() ([]byte, error) {
	if _, err := s.in.Peek(1); err != nil {
		return nil, err
	}
	return s.in.Peek(s.in.Buffered())
}

// wait waits for a record of so many bytes. The error wraps [ErrTruncated] if it
// does not come.
func (s *Source) wait(size int) error {
	b, err := s.in.Peek(size)
	if err == io.EOF {
		return fmt.Errorf("%w: %d bytes of %d are left at byte %d", ErrTruncated, len(b), size, s.read)
	}
	return err
}

// take passes over bytes that some has shown.
func (s *Source) take(n int) {
	s.in.Discard(n)
	s.read += int64(n)
}

// Line takes a line of text without its end, at most 64 KiB long. It is valid
// until the next call. The error is [io.EOF] at the end.
func (s *Source) Line() ([]byte, error) {
	b, err := s.in.ReadSlice('\n')
	s.read += int64(len(b))
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return nil, tooLong("a line")
	case err == io.EOF && len(b) > 0:
		return b, nil
	case err != nil:
		return nil, err
	}
	b = b[:len(b)-1]
	if n := len(b); n > 0 && b[n-1] == '\r' {
		b = b[:n-1]
	}
	return b, nil
}

// hasLine reports whether a whole line has come.
func (s *Source) hasLine() bool {
	b, _ := s.in.Peek(s.in.Buffered())
	return bytes.IndexByte(b, '\n') >= 0
}

// Peek is up to n of the following bytes, n at most 64 KiB; it takes none. It
// returns fewer only at the end.
func (s *Source) Peek(n int) ([]byte, error) {
	b, err := s.in.Peek(n)
	if err == io.EOF {
		err = nil
	}
	return b, err
}

// cut is the error of a file that ends where something has to be.
func cut(err error) error {
	if err == io.EOF {
		return ErrTruncated
	}
	return err
}

// tooLong is the error of text that does not end.
func tooLong(what string) error {
	return fmt.Errorf("%w: %s is over %d bytes", ErrFormat, what, sourceBytes)
}

// recognise is the format of the source.
func (s *Source) recognise() (Format, error) {
	known := Formats()
	for want := 1; ; {
		head, err := s.in.Peek(want)
		if err != nil && err != io.EOF && !errors.Is(err, bufio.ErrBufferFull) {
			return Format{}, err
		}
		if err == nil {
			head, _ = s.in.Peek(s.in.Buffered())
		}
		for _, f := range known {
			if f.Match(head, s.name) {
				return f, nil
			}
		}
		switch {
		case len(head) == 0:
			return Format{}, fmt.Errorf("%w: the file is empty", ErrFormat)
		case err != nil || len(head) == sourceBytes:
			return Format{}, fmt.Errorf("%w: it begins with %.40q", ErrUnknown, head)
		}
		want = len(head) + 1
	}
}
