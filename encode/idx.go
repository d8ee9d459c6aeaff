package encode

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Images are grey pictures of one size, as in MNIST.
type Images struct {
	Count, Rows, Cols int
	Pixels            []byte // one picture after another, row by row, 0 to 255
}

// Image is the pixels of picture i.
func (m *Images) Image(i int) []byte {
	n := m.Rows * m.Cols
	return m.Pixels[i*n : (i+1)*n : (i+1)*n]
}

// ReadIDXImages reads an IDX file of bytes in three dimensions, compressed with
// gzip or not: MNIST's images (yann.lecun.com/exdb/mnist).
func ReadIDXImages(r io.Reader) (*Images, error) {
	data, dims, err := readIDX(r, 3)
	if err != nil {
		return nil, fmt.Errorf("encode: images: %w", err)
	}
	return &Images{dims[0], dims[1], dims[2], data}, nil
}

// ReadIDXLabels reads an IDX file of bytes in one dimension: MNIST's labels.
func ReadIDXLabels(r io.Reader) ([]byte, error) {
	data, _, err := readIDX(r, 1)
	if err != nil {
		return nil, fmt.Errorf("encode: labels: %w", err)
	}
	return data, nil
}

// maxIDX bounds an IDX file; MNIST's largest has 47 MB.
const maxIDX = 1 << 30

func readIDX(r io.Reader, rank int) (data []byte, dims []int, err error) {
	in := bufio.NewReader(r)
	if magic, _ := in.Peek(2); string(magic) == "\x1f\x8b" {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: %w", ErrFormat, err)
		}
		in = bufio.NewReader(z)
	}
	header := make([]byte, 4+4*rank)
	if _, err := io.ReadFull(in, header); err != nil {
		return nil, nil, cut(err)
	}
	// Two zeros, the type (8 is unsigned bytes) and the number of dimensions.
	if want := []byte{0, 0, 8, byte(rank)}; string(header[:4]) != string(want) {
		return nil, nil, fmt.Errorf("%w: it begins with % x, not % x", ErrFormat, header[:4], want)
	}
	size := int64(1)
	for k := range rank {
		d := int64(binary.BigEndian.Uint32(header[4+4*k:]))
		if d < 1 || size*d > maxIDX {
			return nil, nil, fmt.Errorf("%w: dimension %d is %d", ErrFormat, k, d)
		}
		dims, size = append(dims, int(d)), size*d
	}
	// ReadAll grows with what is there, whatever the header says; one byte more
	// than it says shows whether the file goes on.
	data, err = io.ReadAll(io.LimitReader(in, size+1))
	if err != nil {
		return nil, nil, cut(err)
	}
	if int64(len(data)) != size {
		return nil, nil, fmt.Errorf("%w: its %v elements do not fill it: there are %d bytes or more", ErrFormat, dims, len(data))
	}
	return data, dims, nil
}

// cut says that a file that ended too early is not of the format.
func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it is cut short", ErrFormat)
	}
	return fmt.Errorf("%w: %w", ErrFormat, err)
}
