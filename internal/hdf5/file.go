package hdf5

import "math"

const (
	// maxBytes bounds a file, and what is made of it.
	maxBytes = 1 << 30
	// maxGrowth bounds the bytes that are made of one byte of a file: deflate
	// makes 1032 at most.
	maxGrowth = 1040
	// Without a limit of the caller's, what is made of a file is spareBytes and
	// usualGrowth times its size at most, and never more than maxGrowth times.
	spareBytes  = 32 << 20
	usualGrowth = 16
	// maxReads bounds how often the bytes of a file are looked at, on average.
	// Once or twice is usual; structures that overlap each other take more.
	maxReads = 16

	maxDepth = 32 // of groups within groups
	maxRank  = 32 // HDF5's own limit

	// undefined is the address of what is not there.
	undefined = math.MaxUint64
)

// file is the bytes of a file, from its superblock on, and what reading them may
// still cost: a file whose parts refer to the same bytes over and over would
// otherwise take time and memory out of all proportion.
type file struct {
	b    []byte
	look int64 // bytes that may still be looked at
	keep int64 // bytes that may still be made
	made int64 // bytes that may be made in all
	pass int64 // bytes that may still be made for the moment, of chunks

	groups      []uint64                     // addresses of those that are being read, each in the one before
	collections map[uint64]map[uint32][]byte // of the global heap, those seen so far
	unfilter    unfilter

	unchecked bool // checksums may be wrong, so that tests get past them as an attacker can
}

// newFile is a file of which at most limit bytes are made; 0 is the default.
func newFile(b []byte, limit int64) *file {
	if limit == 0 {
		limit = spareBytes + usualGrowth*int64(len(b))
	}
	keep := min(maxBytes, maxGrowth*int64(len(b)), limit)
	return &file{
		b:           b,
		look:        maxReads * int64(len(b)),
		keep:        keep,
		made:        keep,
		pass:        4 * keep,
		collections: map[uint64]map[uint32][]byte{},
	}
}

// at returns n bytes of the file.
func (f *file) at(address, n uint64) ([]byte, error) {
	size := uint64(len(f.b))
	if address > size || n > size-address {
		if address == undefined {
			return nil, broken("%d bytes that are stored nowhere", n)
		}
		return nil, broken("%d bytes at %d, the file has %d", n, address, size)
	}
	if err := f.spend(n); err != nil {
		return nil, err
	}
	return f.b[address : address+n : address+n], nil
}

// spend counts bytes that are looked at.
func (f *file) spend(n uint64) error {
	if n > uint64(f.look) {
		return broken("its parts refer to the same bytes too often")
	}
	f.look -= int64(n)
	return nil
}

// allow counts bytes that are about to be made.
func (f *file) allow(n uint64) error {
	if n > uint64(f.keep) {
		return broken("more data than a file of %d bytes may hold, which is %d bytes: see the option Limit", len(f.b), f.made)
	}
	f.keep -= int64(n)
	return nil
}

// through counts bytes that a chunk is made into by its filters.
func (f *file) through(n int64) error {
	if n > f.pass {
		return broken("more bytes of chunks than a file of %d bytes may hold", len(f.b))
	}
	f.pass -= n
	return nil
}

// signed returns a cursor on a block of n bytes, behind its signature.
func (f *file) signed(address, n uint64, signature string) (*cursor, error) {
	b, err := f.at(address, n)
	if err != nil {
		return nil, err
	}
	if len(b) < len(signature) || string(b[:len(signature)]) != signature {
		return nil, broken("no %s block at %d", signature, address)
	}
	return &cursor{b: b[len(signature):]}, nil
}

// sealed returns a cursor on a block of n bytes before its checksum, which is
// the last four of them.
func (f *file) sealed(address, n uint64) (*cursor, error) {
	b, err := f.at(address, n)
	if err != nil {
		return nil, err
	}
	if err := f.verify(b); err != nil {
		return nil, broken("block at %d: %v", address, err)
	}
	return &cursor{b: b[:len(b)-4]}, nil
}

// checked returns a cursor on a block of n bytes, behind its signature and
// before its checksum.
func (f *file) checked(address, n uint64, signature string) (*cursor, error) {
	if _, err := f.signed(address, n, signature); err != nil {
		return nil, err
	}
	c, err := f.sealed(address, n)
	if err != nil {
		return nil, err
	}
	c.skip(len(signature))
	return c, nil
}
