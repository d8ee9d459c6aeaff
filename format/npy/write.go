package npy

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"github.com/spikelane/spikelane/internal/atomicfile"
)

// Encode returns the file of an array, the bytes that numpy.save writes for it.
// Data of another type or that does not fill the shape is an error.
func (a Array) Encode() ([]byte, error) {
	data, err := a.encode()
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	return data, nil
}

func (a Array) encode() ([]byte, error) {
	d, err := a.check()
	if err != nil {
		return nil, err
	}
	if len(a.Shape) > maxRank {
		return nil, fmt.Errorf("%w: an array of %d dimensions, the limit is %d", ErrFormat, len(a.Shape), maxRank)
	}
	return binary.Append(a.header(d), binary.LittleEndian, a.Data)
}

// WriteFile writes a file: all of it, or nothing. One of that name is replaced.
func WriteFile(path string, a Array) error {
	data, err := a.Encode()
	if err != nil {
		return err
	}
	if err := atomicfile.Write(path, data); err != nil {
		return fmt.Errorf("npy: %w", err)
	}
	return nil
}

// header is everything before the numbers, which begin at a multiple of 64.
func (a Array) header(d dtype) []byte {
	order := "<"
	if d.size == 1 {
		order = "|"
	}
	var dims []string
	for _, n := range a.Shape {
		dims = append(dims, strconv.Itoa(n))
	}
	tuple := strings.Join(dims, ", ")
	if len(dims) == 1 {
		tuple += ","
	}
	text := fmt.Sprintf("{'descr': '%s%s', 'fortran_order': False, 'shape': (%s), }", order, d.code, tuple)
	if len(dims) > 0 {
		// NumPy leaves room for the first dimension to grow to 21 digits.
		text += strings.Repeat(" ", 21-len(dims[0]))
	}
	const prefix = len(magic) + 4
	text += strings.Repeat(" ", 63-(prefix+len(text))%64) + "\n"
	b := append([]byte(magic), 1, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(text)))
	return append(b, text...)
}
