package hdf5

import "bytes"

const signature = "\x89HDF\r\n\x1a\n"

// superblock finds the beginning of the file within b, which users may have put
// a block of their own before, and returns the file and the address of the root
// group's header.
func superblock(b []byte) (*file, uint64, error) {
	start := 0
	for !bytes.HasPrefix(b[start:], []byte(signature)) {
		if start = max(512, 2*start); start >= len(b) {
			return nil, 0, broken("no HDF5 signature")
		}
	}
	f := newFile(b[start:])
	c := &cursor{b: f.b[len(signature):]}
	version := c.u8()
	var sizes, end, root uint64
	switch version {
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
		if err := verify(f.b[:48]); err != nil {
			return nil, 0, broken("superblock: %v", err)
		}
	default:
		return nil, 0, unsupported("superblock version %d", version)
	}
	if err := c.err("superblock"); err != nil {
		return nil, 0, err
	}
	if addresses, lengths := sizes&0xff, sizes>>8&0xff; addresses != 8 || lengths != 8 {
		return nil, 0, unsupported("addresses of %d bytes and lengths of %d, want 8", addresses, lengths)
	}
	if end > uint64(len(b)) {
		return nil, 0, broken("cut off: %d bytes of %d", len(b), end)
	}
	return f, root, nil
}
