package npy

import (
	"bufio"
	"fmt"
	"io"
	"math"

	"github.com/spikelane/spikelane/tensor"
)

// Records reads an array some elements at a time, in memory that does not
// depend on its length. The elements of a structured array are its records; of
// other arrays they are the rows along the first dimension, whose fields have no
// names.
type Records struct {
	Fields []Field
	// Named reports whether the fields have names.
	Named bool
	// Count is how many there are, and Size the bytes of each.
	Count, Size int
	in          *bufio.Reader
}

// recordBytes is how much is read at once.
const recordBytes = 1 << 16

// NewRecords reads the header of an array that is ordered by rows. What is no
// number in a record is a field, too, and cannot be read. Errors wrap
// [ErrFormat] or [ErrUnsupported].
func NewRecords(r io.Reader) (*Records, error) {
	in := bufio.NewReaderSize(r, recordBytes)
	h, err := readHeader(in)
	if err == nil {
		var records *Records
		if records, err = h.records(); err == nil {
			records.in = in
			return records, nil
		}
	}
	return nil, fmt.Errorf("npy: %w", err)
}

// records are the elements that a header describes.
func (h header) records() (*Records, error) {
	if h.fortran && len(h.shape) > 1 {
		return nil, fmt.Errorf("%w: an array of %v by columns (fortran_order); save a copy by rows: numpy.ascontiguousarray", ErrUnsupported, h.shape)
	}
	if len(h.shape) == 0 {
		return nil, fmt.Errorf("%w: a single number, no array", tensor.ErrShape)
	}
	r := &Records{Named: h.fields != nil, Fields: h.fields, Count: h.shape[0]}
	if h.fields == nil {
		n, ok := byteSize(h.shape[1:], 1)
		if !ok || n > maxFields {
			return nil, fmt.Errorf("%w: rows of %v numbers; they are read up to %d", ErrUnsupported, h.shape[1:], maxFields)
		}
		for range n {
			f, err := newField("", h.descr, r.Size)
			if err != nil {
				return nil, err
			}
			r.Fields = append(r.Fields, f)
			r.Size += f.size
		}
	} else if len(h.shape) != 1 {
		return nil, fmt.Errorf("%w: records in the shape %v; they are read in a row", ErrUnsupported, h.shape)
	}
	for _, f := range r.Fields {
		r.Size = max(r.Size, f.Offset+f.size)
	}
	if r.Size < 1 || r.Size > recordBytes || r.Count > math.MaxInt/r.Size {
		return nil, fmt.Errorf("%w: %d records of %d bytes", ErrUnsupported, r.Count, r.Size)
	}
	return r, nil
}

// Next returns the following records, at least one and at most most, as many as
// have come; they are valid until the next call. The error is [io.EOF] after the
// last, and wraps [ErrFormat] where the array is cut short, or goes on.
func (r *Records) Next(most int) ([]byte, error) {
	if r.Count == 0 {
		if _, err := r.in.ReadByte(); err == nil {
			return nil, fmt.Errorf("npy: %w: bytes after the array", ErrFormat)
		} else if err != io.EOF {
			return nil, fmt.Errorf("npy: %w", err)
		}
		return nil, io.EOF
	}
	head, err := r.in.Peek(r.Size)
	if err != nil {
		if err == io.EOF {
			err = fmt.Errorf("%w: %d records are missing, %d bytes of the next are there", cut(err), r.Count, len(head))
		}
		return nil, fmt.Errorf("npy: %w", err)
	}
	n := min(most, r.Count, r.in.Buffered()/r.Size)
	r.Count -= n
	b, _ := r.in.Peek(n * r.Size)
	r.in.Discard(len(b))
	return b, nil
}
