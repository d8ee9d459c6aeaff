package hdf5

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/slowtest"
)

// craft writes a file whose root has the links that fill returns.
func craft(fill func(w *writer) []link) []byte {
	w := &writer{}
	w.alloc(superblockSize)
	root := w.header(w.symbolTable(fill(w)))
	w.superblock(root)
	return w.b
}

// patched is a file with the bytes at some distance behind a mark overwritten.
func patched(t *testing.T, g *Group, mark string, distance int, value ...byte) []byte {
	b, err := Encode(g)
	require.NoError(t, err)
	at := bytes.Index(b, []byte(mark))
	require.Positive(t, at)
	copy(b[at+distance:], value)
	return b
}

func u64(v uint64) []byte { return le.AppendUint64(nil, v) }

// chunk is a chunk of a crafted array.
type chunk struct {
	offset []int
	skip   uint32
	data   []byte
}

// chunkedArray writes an array of bytes in chunks that a B-tree finds, with
// filters by their numbers.
func (w *writer) chunkedArray(shape, dims []int, filters []int, list ...chunk) int {
	space := []byte{1, byte(len(shape)), 0, 0, 0, 0, 0, 0}
	layout := []byte{3, chunkedLayout, byte(len(shape) + 1)}
	for _, n := range shape {
		space = append(space, u64(uint64(n))...)
	}
	var entries []byte
	for _, c := range list {
		at := w.put(c.data)
		entries = le.AppendUint32(entries, uint32(len(c.data)))
		entries = le.AppendUint32(entries, c.skip)
		for _, o := range append(c.offset, 0) {
			entries = append(entries, u64(uint64(o))...)
		}
		entries = append(entries, u64(uint64(at))...)
	}
	tree := append([]byte("TREE\x01\x00"), byte(len(list)), byte(len(list)>>8))
	tree = append(tree, make([]byte, 16)...)
	layout = append(layout, u64(uint64(w.put(append(tree, entries...))))...)
	for _, n := range append(dims, 1) {
		layout = le.AppendUint32(layout, uint32(n))
	}
	pipeline := []byte{2, byte(len(filters))}
	for _, id := range filters {
		pipeline = append(pipeline, byte(id), byte(id>>8))
		if id >= 256 {
			pipeline = append(pipeline, 0, 0)
		}
		pipeline = append(pipeline, 0, 0, 1, 0, 4, 0, 0, 0) // a parameter: shuffle's bytes of an element
	}
	return w.header([]message{
		{kind: spaceMessage, body: space},
		{kind: typeMessage, body: integerType(1, false)},
		{kind: layoutMessage, body: layout},
		{kind: filterMessage, body: pipeline},
	})
}

func deflate(t *testing.T, data []byte) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, err := z.Write(data)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.Bytes()
}

// summed is data with Fletcher's checksum.
func summed(data []byte) []byte {
	return le.AppendUint32(bytes.Clone(data), fletcher32(data))
}

// Filters are undone in their order, but for those that a chunk skipped.
func TestChunks(t *testing.T) {
	plain := []byte{1, 2, 3, 4, 5, 6, 7, 8}
	shuffled := []byte{1, 5, 2, 6, 3, 7, 4, 8}
	for name, c := range map[string]struct {
		filters []int
		chunk   chunk
	}{
		"none":              {nil, chunk{data: plain}},
		"deflate":           {[]int{deflateFilter}, chunk{data: deflate(t, plain)}},
		"shuffle":           {[]int{shuffleFilter}, chunk{data: shuffled}},
		"sum, then deflate": {[]int{fletcherFilter, deflateFilter}, chunk{data: deflate(t, summed(plain))}},
		"deflate, then sum": {[]int{deflateFilter, fletcherFilter}, chunk{data: summed(deflate(t, plain))}},
		"all":               {[]int{shuffleFilter, deflateFilter, fletcherFilter}, chunk{data: summed(deflate(t, shuffled))}},
		"deflate skipped":   {[]int{shuffleFilter, deflateFilter}, chunk{skip: 2, data: shuffled}},
		"all skipped":       {[]int{shuffleFilter, deflateFilter}, chunk{skip: 3, data: plain}},
		"deflate twice":     {[]int{deflateFilter, deflateFilter}, chunk{data: deflate(t, deflate(t, plain))}},
	} {
		t.Run(name, func(t *testing.T) {
			c.chunk.offset = []int{8}
			b := craft(func(w *writer) []link {
				return []link{{"x", uint64(w.chunkedArray([]int{20}, []int{8}, c.filters, c.chunk))}}
			})
			g, err := Decode(b, 0)
			require.NoError(t, err)
			want := append(append(make([]byte, 8), plain...), 0, 0, 0, 0)
			require.Equal(t, want, g.Members["x"].(*Dataset).Data)
		})
	}
}

// An element's bytes that are shuffled may be said to be more than there are.
func TestShuffleOfLargeElements(t *testing.T) {
	var u unfilter
	start := time.Now()
	for range 100 {
		require.Equal(t, []byte{1, 2, 3}, u.unshuffle([]byte{1, 2, 3}, maxBytes))
	}
	require.True(t, time.Since(start) < time.Second || !slowtest.Wanted())
	require.Equal(t, []byte{1, 3, 2, 4, 5}, u.unshuffle([]byte{1, 2, 3, 4, 5}, 2))
}

// Each broken file is refused for its own reason, which names the object.
func TestCrafted(t *testing.T) {
	x := &Group{Members: map[string]Node{"x": &Dataset{Shape: []int{3}, Data: []float64{1, 2, 3}}}}
	s := &Group{Members: map[string]Node{"s": &Dataset{Shape: []int{2}, Data: []string{"first", "second"}}}}
	g := &Group{Members: map[string]Node{"g": nested(1)}}
	flags := &Group{Members: map[string]Node{"b": &Dataset{Shape: []int{8}, Data: []bool{true, false, true, true, true, false, true, false}}}}
	chunked := func(shape, dims, filters []int, list ...chunk) []byte {
		return craft(func(w *writer) []link {
			return []link{{"x", uint64(w.chunkedArray(shape, dims, filters, list...))}}
		})
	}
	bomb := deflate(t, make([]byte, 1<<20))
	shape := "\x01\x01\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00"
	for name, c := range map[string]struct {
		b      []byte
		reason string
	}{
		"empty":             {nil, "hdf5: not a valid HDF5 file: no HDF5 signature"},
		"text":              {[]byte(strings.Repeat("text ", 1000)), "no HDF5 signature"},
		"signature alone":   {[]byte(signature), "hdf5: not a valid HDF5 file: superblock ends early"},
		"version":           {patched(t, x, signature[1:], 7, 9), "hdf5: unsupported HDF5 feature: superblock version 9"},
		"numbers of 4":      {patched(t, x, signature[1:], 12, 4, 4), "addresses of 4 bytes and lengths of 4, want 8"},
		"root is a dataset": {craftRoot(), "hdf5: /: not a valid HDF5 file: the root is not a group"},
		"root elsewhere":    {patched(t, x, signature[1:], 63, u64(1<<40)...), "hdf5: /: not a valid HDF5 file: 4 bytes at 1099511627776"},

		"vast dimension":   {patched(t, x, shape, 8, u64(1<<40)...), "hdf5: /x: unsupported HDF5 feature: a dimension of 1099511627776"},
		"large dimension":  {patched(t, x, shape, 8, u64(1<<29)...), "hdf5: /x: not a valid HDF5 file: more data than a file of"},
		"more than stored": {patched(t, x, shape, 8, u64(4)...), "hdf5: /x: not a valid HDF5 file: 4 elements of 8 bytes in 24"},
		"many dimensions":  {patched(t, x, shape, 1, 200), "hdf5: /x: not a valid HDF5 file: 200 dimensions"},
		"data elsewhere":   {patched(t, x, "\x03\x01\x60\x00", 2, u64(1<<40)...), "24 bytes at 1099511627776"},
		"null dataspace":   {patched(t, x, shape, 0, 2, 0, 0, 2), "null dataspace"},
		"datatype":         {patched(t, x, "\x11\x20\x3f", 0, 0x16), "hdf5: /x: unsupported HDF5 feature: compound datatype"},
		"precision":        {patched(t, x, "\x11\x20\x3f", 10, 63), "floats of 8 bytes that are not IEEE's"},
		"element of 1 GiB": {patched(t, x, "\x11\x20\x3f", 4, 0xff, 0xff, 0xff, 0xff), "elements of 4294967295 bytes"},

		"no heap of names":    {patched(t, x, "HEAP", 0, 'h'), "hdf5: /: not a valid HDF5 file: no HEAP block"},
		"large heap of names": {patched(t, x, "HEAP", 8, u64(1<<50)...), "1125899906842624 bytes at"},
		"name elsewhere":      {patched(t, x, "SNOD", 8, u64(1<<50)...), "name at 1125899906842624"},
		"too many names":      {patched(t, x, "SNOD", 6, 0xff, 0xff), "2621400 bytes at"},
		"empty name":          {patched(t, x, "SNOD", 8, u64(0)...), `a member named ""`},
		"too many leaves":     {patched(t, x, "TREE", 6, 0xff, 0xff), "1048560 bytes at"},
		"tree of one level":   {patched(t, x, "TREE", 5, 1), "no TREE block"},
		"group is its member": {patched(t, g, "SNOD", 16, u64(rootOf(t, g))...), "hdf5: /g: unsupported HDF5 feature: the group is within itself"},
		"soft link":           {patched(t, x, "SNOD", 24, 2), `hdf5: /: unsupported HDF5 feature: soft link "x"`},
		"deep":                {deep(40), "groups are nested deeper than 32"},
		"names at one place":  {sameNames(), `two members "x"`},

		"no string":           {patched(t, s, "GCOL", 16, 7), "hdf5: /s: not a valid HDF5 file: no object 1 in the global heap"},
		"string too long":     {patched(t, s, "GCOL", 24, 3), "a string of 5 bytes in 3 bytes of the global heap"},
		"object too long":     {patched(t, s, "GCOL", 24, u64(1<<60)...), "object 1 of 1152921504606846976 bytes"},
		"collection too long": {patched(t, s, "GCOL", 8, u64(1<<60)...), "1152921504606846976 bytes at 96"},
		"no collection":       {patched(t, s, "GCOL", 0, 'g'), "no GCOL block at 96"},
		"no boolean":          {patched(t, flags, "\x01\x00\x01\x01\x01\x00\x01\x00", 2, 3), "hdf5: /b: not a valid HDF5 file: element 2 is 3, want FALSE (0) or TRUE (1)"},

		"bomb":                 {chunked([]int{1 << 20}, []int{1 << 20}, []int{deflateFilter}, chunk{offset: []int{0}, data: bomb}), ""},
		"bomb for little":      {chunked([]int{10}, []int{10}, []int{deflateFilter}, chunk{offset: []int{0}, data: bomb}), "hdf5: /x: not a valid HDF5 file: deflated data of more than"},
		"bomb for much":        {chunked([]int{1 << 29}, []int{1 << 29}, []int{deflateFilter}, chunk{offset: []int{0}, data: bomb}), "more data than a file of"},
		"vast chunks":          {chunked([]int{10}, []int{1 << 29}, []int{deflateFilter}, chunk{offset: []int{0}, data: bomb}), "more bytes of chunks than a file of"},
		"not deflated":         {chunked([]int{4}, []int{4}, []int{deflateFilter}, chunk{offset: []int{0}, data: []byte("text")}), "deflated data: "},
		"cut deflated":         {chunked([]int{4}, []int{4}, []int{deflateFilter}, chunk{offset: []int{0}, data: deflate(t, []byte("text"))[:6]}), "deflated data: unexpected EOF"},
		"wrong sum":            {chunked([]int{4}, []int{4}, []int{fletcherFilter}, chunk{offset: []int{0}, data: []byte("textxxxx")}), "Fletcher's checksum is 78787878"},
		"no sum":               {chunked([]int{4}, []int{4}, []int{fletcherFilter}, chunk{offset: []int{0}, data: []byte("t")}), "no room for a checksum"},
		"short chunk":          {chunked([]int{4}, []int{4}, nil, chunk{offset: []int{0}, data: []byte("t")}), "chunk at [0] has 1 bytes, want 4"},
		"chunk between others": {chunked([]int{8}, []int{4}, nil, chunk{offset: []int{2}, data: []byte("text")}), "chunk at 2 in dimension 0, chunks have 4"},
		"chunk outside":        {chunked([]int{8}, []int{4}, nil, chunk{offset: []int{8}, data: []byte("text")}), "chunk at [8] in an array of shape [8]"},
		"chunk of nothing":     {chunked([]int{8}, []int{0}, nil), "chunks of too many or no elements"},
		"chunk of one rank":    {chunked([]int{8}, []int{4, 4}, nil), "chunks with elements of 4 bytes"},
		"another filter":       {chunked([]int{8}, []int{4}, []int{32015}), "hdf5: /x: unsupported HDF5 feature: filter 32015 (zstd)"},
		"unknown filter":       {chunked([]int{8}, []int{4}, []int{12345}), "unsupported HDF5 feature: filter 12345"},
	} {
		t.Run(name, func(t *testing.T) {
			g := requireSafe(t, newFile(c.b, 0))
			if c.reason == "" {
				require.NotNil(t, g)
				return
			}
			_, err := Decode(c.b, 0)
			require.ErrorContains(t, err, c.reason)
			require.Less(t, len(err.Error()), 1000, "an error is for a reader")
		})
	}
}

// craftRoot is a file whose root is a dataset.
func craftRoot() []byte {
	w := &writer{}
	w.alloc(superblockSize)
	w.superblock(w.chunkedArray([]int{1}, []int{1}, nil))
	return w.b
}

// rootOf is the address of a file's root group.
func rootOf(t *testing.T, g *Group) uint64 {
	b, err := Encode(g)
	require.NoError(t, err)
	root, err := newFile(b, 0).superblock()
	require.NoError(t, err)
	return root
}

// deep is a file of groups, each in the one before.
func deep(n int) []byte {
	return craft(func(w *writer) (links []link) {
		for range n {
			links = []link{{"g", uint64(w.header(w.symbolTable(links)))}}
		}
		return links
	})
}

func sameNames() []byte {
	return craft(func(w *writer) []link {
		x := uint64(w.chunkedArray([]int{1}, []int{1}, nil))
		return []link{{"x", x}, {"x", x}}
	})
}

// A file that has its bytes read over and over is refused before that takes
// long: the same array by many names, groups in two places each on every level,
// a long name many times.
func TestRepeated(t *testing.T) {
	for name, fill := range map[string]func(w *writer) []link{
		"array": func(w *writer) (links []link) {
			messages, err := w.dataset(&Dataset{Shape: []int{1 << 17}, Data: make([]uint8, 1<<17)})
			require.NoError(t, err)
			x := uint64(w.header(messages))
			for i := range 1000 {
				links = append(links, link{fmt.Sprintf("x%04d", i), x})
			}
			return links
		},
		"groups": func(w *writer) (links []link) {
			for range 30 {
				g := uint64(w.header(w.symbolTable(links)))
				links = []link{{"a", g}, {"b", g}}
			}
			return links
		},
		"name": func(w *writer) (links []link) {
			x := uint64(w.header(w.symbolTable(nil)))
			for range 1000 {
				links = append(links, link{"x", x})
			}
			return links
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := craft(fill)
			if name == "name" {
				b = longName(b)
			}
			require.Nil(t, requireSafe(t, newFile(b, 0)))
			_, err := Decode(b, 0)
			require.ErrorContains(t, err, "its parts refer to the same bytes too often")
		})
	}
}

// longName makes every name of a file one of a megabyte.
func longName(b []byte) []byte {
	heap := len(b)
	b = append(b, bytes.Repeat([]byte("x"), 1<<20)...)
	at := bytes.LastIndex(b[:heap], []byte("HEAP"))
	copy(b[at+8:], u64(1<<20))
	copy(b[at+24:], u64(uint64(heap)))
	return b
}

// A few hard links to one array are nothing bad.
func TestHardLinks(t *testing.T) {
	g, err := Decode(craft(func(w *writer) []link {
		x := uint64(w.chunkedArray([]int{2}, []int{2}, nil, chunk{offset: []int{0}, data: []byte{7, 8}}))
		return []link{{"a", x}, {"b", x}, {"c", x}}
	}), 0)
	require.NoError(t, err)
	require.Len(t, g.Members, 3)
	require.Equal(t, g.Members["a"], g.Members["c"])
}

func TestRead(t *testing.T) {
	b, err := Encode(nested(2))
	require.NoError(t, err)
	g, err := Read(bytes.NewReader(b), int64(len(b)), 0)
	require.NoError(t, err)
	require.Equal(t, nested(2), g)
	_, err = Read(bytes.NewReader(b), int64(len(b)+1), 0)
	require.ErrorContains(t, err, "unexpected EOF")
	_, err = Read(bytes.NewReader(b), math.MaxInt64, 0)
	require.ErrorIs(t, err, ErrUnsupported)
	_, err = Read(bytes.NewReader(b), -1, 0)
	require.Error(t, err)
	g, err = Decode(append(make([]byte, 2048), b...), 0) // behind a block of the user's
	require.NoError(t, err)
	require.Equal(t, nested(2), g)
}

// Checksums by their published values.
func TestChecksums(t *testing.T) {
	require.Equal(t, uint32(0xdeadbeef), lookup3(nil))
	require.Equal(t, uint32(0x17770551), lookup3([]byte("Four score and seven years ago")))
	require.Equal(t, uint32(0x56502d2a), fletcher32([]byte("badcfe"))) // words "ab", "cd", "ef" of the other order
}
