package hdf5

import (
	"bytes"
	"compress/zlib"
	"io"
)

// Filters that chunks are read through.
const (
	deflateFilter  = 1
	shuffleFilter  = 2
	fletcherFilter = 3
)

var otherFilters = map[int]string{
	4: "szip", 5: "nbit", 6: "scaleoffset", 307: "bzip2", 32000: "lzf", 32001: "blosc", 32004: "lz4",
	32008: "bitshuffle", 32013: "zfp", 32015: "zstd", 32026: "blosc2",
}

// filter is a step that chunks went through when they were written.
type filter struct {
	id   int
	size int // of an element, for shuffle
}

// filters reads a pipeline.
func (c *cursor) filters() ([]filter, error) {
	version, n := c.u8(), c.u8()
	switch version {
	case 1:
		c.skip(6)
	case 2:
	default:
		return nil, unsupported("filter pipeline version %d", version)
	}
	if n > 32 { // as many as a chunk has bits to skip them
		return nil, broken("%d filters", n)
	}
	var list []filter
	for range n {
		f := filter{id: c.u16()}
		name := 0
		if version == 1 || f.id >= 256 {
			name = c.u16()
		}
		c.skip(2) // flags
		values := c.u16()
		if version == 1 {
			name, values = align(name), values+values&1
		}
		c.skip(name)
		parameters := cursor{b: c.bytes(4 * values)}
		if err := c.err("filter pipeline"); err != nil {
			return nil, err
		}
		switch f.id {
		case deflateFilter, fletcherFilter:
		case shuffleFilter:
			size := parameters.u32()
			if parameters.short || size == 0 || size > maxBytes {
				return nil, broken("shuffle of elements of %d bytes", size)
			}
			f.size = int(size)
		default:
			if name, ok := otherFilters[f.id]; ok {
				return nil, unsupported("filter %d (%s)", f.id, name)
			}
			return nil, unsupported("filter %d", f.id)
		}
		list = append(list, f)
	}
	return list, nil
}

// unfilter undoes filters. It keeps what it needs for the next chunk.
type unfilter struct {
	deflate io.ReadCloser
	buffers [2][]byte
}

// run undoes the filters of a chunk, the last one first, but for those whose bit
// in skip is set. What it returns, at most limit bytes, is good until the next
// call.
func (u *unfilter) run(filters []filter, skip uint32, raw []byte, limit int) ([]byte, error) {
	for i := len(filters) - 1; i >= 0; i-- {
		if skip>>i&1 != 0 {
			continue
		}
		var err error
		switch f := filters[i]; f.id {
		case deflateFilter:
			raw, err = u.inflate(raw, limit)
		case shuffleFilter:
			raw = u.unshuffle(raw, f.size)
		case fletcherFilter:
			raw, err = checkFletcher(raw)
		}
		if err != nil {
			return nil, err
		}
	}
	return raw, nil
}

// buffer returns n bytes, other ones than at the last call.
func (u *unfilter) buffer(n int) []byte {
	u.buffers[0], u.buffers[1] = u.buffers[1], u.buffers[0]
	if cap(u.buffers[0]) < n {
		u.buffers[0] = make([]byte, n)
	}
	return u.buffers[0][:n]
}

func (u *unfilter) inflate(raw []byte, limit int) ([]byte, error) {
	var err error
	if u.deflate == nil {
		u.deflate, err = zlib.NewReader(bytes.NewReader(raw))
	} else {
		err = u.deflate.(zlib.Resetter).Reset(bytes.NewReader(raw), nil)
	}
	if err != nil {
		return nil, broken("deflated data: %v", err)
	}
	out := u.buffer(int(min(int64(limit)+1, maxGrowth*int64(len(raw)))))
	for n := 0; n < len(out); {
		k, err := u.deflate.Read(out[n:])
		n += k
		if err == io.EOF {
			return out[:n], nil
		}
		if err != nil {
			return nil, broken("deflated data: %v", err)
		}
	}
	return nil, broken("deflated data of more than %d bytes", limit)
}

// unshuffle puts the bytes of each element together. They come as the first
// bytes of all elements, then the second bytes, and so on; what is left over of
// the last element is as it was.
func (u *unfilter) unshuffle(raw []byte, size int) []byte {
	n := len(raw) / size
	if n < 2 { // which may be of more bytes than there are
		return raw
	}
	out := u.buffer(len(raw))
	for i := range size {
		for j, b := range raw[i*n : (i+1)*n] {
			out[j*size+i] = b
		}
	}
	copy(out[n*size:], raw[n*size:])
	return out
}

func checkFletcher(raw []byte) ([]byte, error) {
	end := len(raw) - 4
	if end < 0 {
		return nil, broken("no room for a checksum")
	}
	if got, want := fletcher32(raw[:end]), le.Uint32(raw[end:]); got != want {
		return nil, broken("Fletcher's checksum is %08x, the bytes give %08x", want, got)
	}
	return raw[:end], nil
}
