package nir

import (
	"fmt"
	"io"
	"os"

	"github.com/spikelane/spikelane/internal/atomicfile"
	"github.com/spikelane/spikelane/internal/hdf5"
)

// Read reads a graph from a file of size bytes. It is as strict as the Python
// package, whose rules Check knows, unless [Lenient]. The arrays of a file, which
// may be packed, have at most 32 MiB and 16 times its size together, unless
// [Limit] says otherwise; reading takes up to five times that.
func Read(r io.ReaderAt, size int64, options ...Option) (*Graph, error) {
	d := newDecoder(options)
	file, err := hdf5.Read(r, size, d.limit)
	if err != nil {
		return nil, fmt.Errorf("nir: %w", err)
	}
	return d.whole(file)
}

// Parse is [Read] of bytes, of which it keeps nothing.
func Parse(data []byte, options ...Option) (*Graph, error) {
	d := newDecoder(options)
	file, err := hdf5.Decode(data, d.limit)
	if err != nil {
		return nil, fmt.Errorf("nir: %w", err)
	}
	return d.whole(file)
}

// ReadFile is [Read] of a file by its name, which errors begin with.
func ReadFile(path string, options ...Option) (*Graph, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("nir: %w", err)
	}
	g, err := Parse(data, options...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return g, nil
}

func newDecoder(options []Option) *decoder {
	d := &decoder{}
	for _, o := range options {
		o(&d.mender)
	}
	return d
}

// whole is the graph of a file.
func (d *decoder) whole(file *hdf5.Group) (*Graph, error) {
	g, err := d.root(file)
	if err != nil {
		return nil, err
	}
	if err := d.mender.graph(g, "/node", 0); err != nil {
		return nil, err
	}
	if d.repairs != nil {
		if err := g.Check(); err != nil { // what no repair was for
			return nil, err
		}
	}
	return g, nil
}

// Encode returns a file that the Python package nir reads. The same graph gives
// the same bytes on every machine.
func Encode(g *Graph) ([]byte, error) {
	if err := g.Check(); err != nil {
		return nil, err
	}
	file, err := fileOf(g)
	if err != nil {
		return nil, err
	}
	return encode(file)
}

func encode(file *hdf5.Group) ([]byte, error) {
	data, err := hdf5.Encode(file)
	if err != nil {
		return nil, fmt.Errorf("nir: %w", err)
	}
	return data, nil
}

// WriteFile writes a graph: all of it, or nothing. A file of that name is
// replaced.
func WriteFile(path string, g *Graph) error {
	data, err := Encode(g)
	if err != nil {
		return err
	}
	if err := atomicfile.Write(path, data); err != nil {
		return fmt.Errorf("nir: %w", err)
	}
	return nil
}
