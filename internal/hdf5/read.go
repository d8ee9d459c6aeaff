package hdf5

import (
	"fmt"
	"io"
)

// Read reads a file of that size, at most 1 GiB, all of it. Its arrays have at
// most limit bytes together; a limit of 0 stands for 32 MiB and 16 times the
// size of the file. Three times that are in use while it is read. Its errors wrap
// [ErrFormat], [ErrUnsupported] or the reader's, and name the object:
//
//	hdf5: /node/nodes/1/weight: unsupported HDF5 feature: filter 32000 (lzf)
func Read(r io.ReaderAt, size, limit int64) (*Group, error) {
	if size < 0 || size > maxBytes {
		return nil, fmt.Errorf("hdf5: %w", unsupported("a file of %d bytes, the limit is %d", size, maxBytes))
	}
	b := make([]byte, size)
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), b); err != nil {
		return nil, fmt.Errorf("hdf5: reading %d bytes: %w", size, err)
	}
	return Decode(b, limit)
}

// Decode is [Read] on the bytes of a file. The result does not share them.
func Decode(b []byte, limit int64) (*Group, error) {
	if len(b) > maxBytes {
		return nil, fmt.Errorf("hdf5: %w", unsupported("a file of %d bytes, the limit is %d", len(b), maxBytes))
	}
	return newFile(b, limit).tree()
}

// tree reads the root group, and all that is in it.
func (f *file) tree() (*Group, error) {
	address, err := f.superblock()
	if err != nil {
		return nil, fmt.Errorf("hdf5: %w", err)
	}
	var p *place
	node, err := f.node(p, address)
	if err != nil {
		return nil, err
	}
	root, ok := node.(*Group)
	if !ok {
		return nil, p.failed(broken("the root is not a group"))
	}
	return root, nil
}
