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
// gzip or not: MNIST's images (yann.lecun.com/exdb/mnist). It takes memory of at
// most 250 times the length of the file, and a few MiB: what grows more when it
// is decompressed is an error.
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
	file := &counted{Reader: r}
	in := bufio.NewReader(file)
	if magic, _ := in.Peek(2); string(magic) == "\x1f\x8b" {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: %w", ErrFormat, err)
		}
		in = bufio.NewReader(&inflated{Reader: z, file: file})
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
	data, err = grow(in, size+1) // one byte more shows whether the file goes on
	if err != nil {
		return nil, nil, cut(err)
	}
	if int64(len(data)) != size {
		return nil, nil, fmt.Errorf("%w: its %v elements do not fill it: there are %d bytes or more", ErrFormat, dims, len(data))
	}
	return data, dims, nil
}

// grow reads to the end, at most so many bytes, into memory that follows what
// is there, whatever a header says.
func grow(r io.Reader, most int64) ([]byte, error) {
	data := make([]byte, 0, min(most, 1<<10))
	for int64(len(data)) < most {
		if len(data) == cap(data) {
			data = append(make([]byte, 0, min(most, 2*int64(cap(data)))), data...)
		}
		n, err := r.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	return data, nil
}

// counted counts what is read.
type counted struct {
	io.Reader
	n int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n += int64(n)
	return n, err
}

// mostInflated bounds what a compressed file becomes, as a multiple of its
// length, beside 1 MiB; MNIST's grow five times.
const mostInflated = 100

// inflated stops what grows out of all proportion.
type inflated struct {
	io.Reader
	file *counted
	n    int64
}

func (i *inflated) Read(b []byte) (int, error) {
	n, err := i.Reader.Read(b)
	i.n += int64(n)
	if i.n > 1<<20+mostInflated*i.file.n {
		return 0, fmt.Errorf("%d compressed bytes become more than %d times as many: unpack the file first", i.file.n, mostInflated)
	}
	return n, err
}

// cut says that a file that ended too early is not of the format.
func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it is cut short", ErrFormat)
	}
	return fmt.Errorf("%w: %w", ErrFormat, err)
}
