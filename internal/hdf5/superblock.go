package hdf5

import "bytes"

const signature = "\x89HDF\r\n\x1a\n"

// superblock finds the beginning of the file, which users may have put a block
// of their own before, and returns the address of the root group's header.
func (f *file) superblock() (root uint64, err error) {
	size, start := len(f.b), 0
	for !bytes.HasPrefix(f.b[start:], []byte(signature)) {
		if start = max(512, 2*start); start >= size {
			return 0, broken("no HDF5 signature")
		}
	}
	f.b = f.b[start:]
	c := &cursor{b: f.b[len(signature):]}
	var sizes, end uint64
	switch version := c.u8(); version {
	case 0, 1:
		c.skip(4) // versions of parts
		sizes = c.uint(3)
		c.skip(8) // B-tree ranks, which each node states too, and flags
		if version == 1 {
			c.skip(4)
		}
		c.skip(16) // the base address is where the superblock is; free space
		end = c.u64()
		c.skip(16) // driver; the root's name
		root = c.u64()
	case 2, 3:
		sizes = c.uint(2)
		c.skip(1 + 16) // flags; base address, extension
		end, root = c.u64(), c.u64()
		if c.skip(4); c.short {
			break
		}
		if err := f.verify(f.b[:48]); err != nil {
			return 0, broken("superblock: %v", err)
		}
	default:
		return 0, unsupported("superblock version %d", version)
	}
	if err := c.err("superblock"); err != nil {
		return 0, err
	}
	if addresses, lengths := sizes&0xff, sizes>>8&0xff; addresses != 8 || lengths != 8 {
		return 0, unsupported("addresses of %d bytes and lengths of %d, want 8", addresses, lengths)
	}
	if end > uint64(size) {
		return 0, broken("cut off: %d bytes of %d", size, end)
	}
	return root, nil
}
