package npy

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"

	"github.com/spikelane/spikelane/internal/half"
	"github.com/spikelane/spikelane/tensor"
)

const (
	magic = "\x93NUMPY"
	// maxHeader is what version 1.0 can say; NumPy itself stops at 10,000.
	maxHeader = math.MaxUint16
)

// Read reads one array and no byte beyond it, so that arrays saved one after
// another are read one after another. Memory grows with the bytes that come,
// whatever the header says.
func Read(r io.Reader) (Array, error) {
	h, err := readHeader(r)
	if err != nil {
		return Array{}, fmt.Errorf("npy: %w", err)
	}
	d, order, n, err := h.layout()
	if err != nil {
		return Array{}, fmt.Errorf("npy: %w", err)
	}
	raw, err := io.ReadAll(io.LimitReader(r, int64(n)))
	if err == nil && len(raw) < n {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return Array{}, fmt.Errorf("npy: the numbers of an array of shape %v: %w", h.shape, cut(err))
	}
	a, err := decode(h, d, order, raw)
	if err != nil {
		return Array{}, fmt.Errorf("npy: %w", err)
	}
	return a, nil
}

// Parse reads a whole file from memory, of which it keeps nothing. Bytes after
// the array are an error.
func Parse(data []byte) (Array, error) {
	a, err := parse(data)
	if err != nil {
		return Array{}, fmt.Errorf("npy: %w", err)
	}
	return a, nil
}

// ReadFile reads a file as [Parse] does. Errors name it.
func ReadFile(path string) (Array, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Array{}, fmt.Errorf("npy: %w", err)
	}
	a, err := parse(data)
	if err != nil {
		return Array{}, fmt.Errorf("npy: %s: %w", path, err)
	}
	return a, nil
}

func parse(data []byte) (Array, error) {
	r := bytes.NewReader(data)
	h, err := readHeader(r)
	if err != nil {
		return Array{}, err
	}
	d, order, n, err := h.layout()
	if err != nil {
		return Array{}, err
	}
	if n != r.Len() {
		return Array{}, fmt.Errorf("%w: an array of shape %v and type %q has %d bytes, %d follow the header", ErrFormat, h.shape, h.descr, n, r.Len())
	}
	return decode(h, d, order, data[len(data)-n:])
}

// readHeader reads everything before the numbers.
func readHeader(r io.Reader) (header, error) {
	start := make([]byte, len(magic)+2)
	if _, err := io.ReadFull(r, start); err != nil {
		return header{}, fmt.Errorf("the first bytes: %w", cut(err))
	}
	if string(start[:len(magic)]) != magic {
		return header{}, fmt.Errorf("%w: it begins with %q, not %q", ErrFormat, start[:len(magic)], magic)
	}
	major, minor := start[len(magic)], start[len(magic)+1]
	if major < 1 || major > 3 || minor != 0 {
		return header{}, fmt.Errorf("%w: version %d.%d", ErrFormat, major, minor)
	}
	length := make([]byte, 4)
	if major == 1 {
		length = length[:2]
	}
	if _, err := io.ReadFull(r, length); err != nil {
		return header{}, fmt.Errorf("the length of the header: %w", cut(err))
	}
	n := binary.LittleEndian.Uint32(append(slices.Clone(length), 0, 0))
	if n > maxHeader {
		return header{}, fmt.Errorf("%w: a header of %d bytes, the limit is %d", ErrFormat, n, maxHeader)
	}
	text, err := io.ReadAll(io.LimitReader(r, int64(n)))
	if err == nil && len(text) < int(n) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return header{}, fmt.Errorf("the header: %w", cut(err))
	}
	return parseHeader(string(text))
}

// layout is how the numbers are stored, and in how many bytes.
func (h header) layout() (d dtype, order binary.ByteOrder, n int, err error) {
	code, order := h.descr, binary.ByteOrder(binary.LittleEndian)
	ordered := false
	switch {
	case h.fields != nil:
		return d, nil, 0, fmt.Errorf("%w: records (a structured array); NewRecords reads them", ErrUnsupported)
	case code == "":
		return d, nil, 0, fmt.Errorf("%w: an empty descr", ErrFormat)
	case code[0] == '>':
		order, ordered = binary.BigEndian, true
	case code[0] == '<':
		ordered = true
	case code[0] != '|':
		return d, nil, 0, fmt.Errorf("%w: descr %.80q has no byte order", ErrFormat, code)
	}
	code = code[1:]
	if code == "O" {
		return d, nil, 0, fmt.Errorf("%w: Python objects: they are stored as pickles, which are programs", ErrUnsupported)
	}
	for _, d := range append([]dtype{f2}, dtypes...) {
		if d.code != code {
			continue
		}
		if d.size > 1 && !ordered {
			return d, nil, 0, fmt.Errorf("%w: descr %q has no byte order", ErrFormat, h.descr)
		}
		n, ok := byteSize(h.shape, d.size)
		if !ok {
			return d, nil, 0, fmt.Errorf("%w: shape %v of type %q overflows", ErrFormat, h.shape, h.descr)
		}
		return d, order, n, nil
	}
	return d, nil, 0, fmt.Errorf("%w: descr %.80q", ErrUnsupported, h.descr)
}

// decode makes numbers of bytes, of which there are as many as there should be.
func decode(h header, d dtype, order binary.ByteOrder, raw []byte) (Array, error) {
	if h.fortran {
		raw = rowMajor(raw, h.shape, d.size)
	}
	if d.code == "b1" {
		for i, b := range raw {
			if b > 1 {
				return Array{}, fmt.Errorf("%w: the truth value %d is stored as %d", ErrFormat, i, b)
			}
		}
	}
	a := Array{h.shape, d.make(len(raw) / d.size)}
	if _, err := binary.Decode(raw, order, a.Data); err != nil {
		return Array{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if d.code == f2.code {
		a.Data = half.Widen(a.Data.([]uint16))
	}
	return a, nil
}

// rowMajor puts elements, whose first index runs fastest, into the order in
// which the last one does.
func rowMajor(raw []byte, shape tensor.Shape, size int) []byte {
	stride, index := make([]int, len(shape)), make([]int, len(shape))
	step := size
	for k, d := range shape {
		stride[k] = step
		step *= d
	}
	out := make([]byte, 0, len(raw))
	for at := 0; len(out) < len(raw); {
		out = append(out, raw[at:at+size]...)
		for k := len(shape) - 1; k >= 0; k-- {
			index[k]++
			at += stride[k]
			if index[k] < shape[k] {
				break
			}
			at -= index[k] * stride[k]
			index[k] = 0
		}
	}
	return out
}

// cut says that a file that ends too early is not of the format.
func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it is cut short", ErrFormat)
	}
	return err
}
