package hdf5

import (
	"math"
)

// dataspace is the shape of an array.
type dataspace struct {
	shape []int
	most  []uint64 // as far as each dimension may grow
	count int      // of elements
}

const unlimited = math.MaxUint64

func (c *cursor) dataspace() (dataspace, error) {
	var s dataspace
	version, rank, flags := c.u8(), c.u8(), c.u8()
	switch kind := c.u8(); {
	case c.short:
		return s, c.err("dataspace")
	case version == 1:
		c.skip(4)
	case version == 2 && kind == 2:
		return s, unsupported("null dataspace")
	case version != 2:
		return s, unsupported("dataspace version %d", version)
	}
	if rank > maxRank {
		return s, broken("%d dimensions, at most %d are allowed", rank, maxRank)
	}
	for range rank {
		s.most = append(s.most, c.u64())
	}
	var err error
	if s.shape, s.count, err = shape(s.most); err != nil {
		return s, err
	}
	if flags&1 != 0 {
		for i := range s.most {
			if s.most[i] = c.u64(); s.most[i] < uint64(s.shape[i]) {
				return s, broken("dimension %d is %d, at most %d", i, s.shape[i], s.most[i])
			}
		}
	}
	return s, c.err("dataspace")
}

// shape checks dimensions, and counts the elements.
func shape(dims []uint64) (shape []int, count int, err error) {
	n := uint64(1)
	for _, d := range dims {
		// This bounds empty arrays too, so that all machines accept the same files.
		if d > math.MaxInt32 {
			return nil, 0, unsupported("a dimension of %d", d)
		}
		if n *= d; n > maxBytes { // n*d < 2^61
			return nil, 0, unsupported("more than %d elements", maxBytes)
		}
		shape = append(shape, int(d))
	}
	return shape, int(n), nil
}
