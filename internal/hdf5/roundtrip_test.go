package hdf5

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// drawName draws what Encode takes as the name of a member or an attribute.
func drawName(t *rapid.T) string {
	return rapid.StringOfN(rapid.RuneFrom([]rune("ab.τ 0_-é")), 1, 12, -1).
		Filter(func(s string) bool { return s != "." }).Draw(t, "name")
}

func drawSlice[T any](t *rapid.T, n int, g *rapid.Generator[T]) []T {
	return rapid.SliceOfN(g, n, n).Draw(t, "data")
}

// drawDataset draws an array of any type and of few elements.
func drawDataset(t *rapid.T) *Dataset {
	d := &Dataset{}
	n := 1
	for range rapid.IntRange(0, 3).Draw(t, "rank") {
		size := rapid.IntRange(0, 3).Draw(t, "size")
		d.Shape = append(d.Shape, size)
		n *= size
	}
	text := rapid.String().Filter(func(s string) bool { return !strings.Contains(s, "\x00") })
	switch rapid.IntRange(0, 11).Draw(t, "type") {
	case 0:
		d.Data = drawSlice(t, n, rapid.Float32())
	case 1:
		d.Data = drawSlice(t, n, rapid.Float64())
	case 2:
		d.Data = drawSlice(t, n, rapid.Int8())
	case 3:
		d.Data = drawSlice(t, n, rapid.Int16())
	case 4:
		d.Data = drawSlice(t, n, rapid.Int32())
	case 5:
		d.Data = drawSlice(t, n, rapid.Int64())
	case 6:
		d.Data = drawSlice(t, n, rapid.Uint8())
	case 7:
		d.Data = drawSlice(t, n, rapid.Uint16())
	case 8:
		d.Data = drawSlice(t, n, rapid.Uint32())
	case 9:
		d.Data = drawSlice(t, n, rapid.Uint64())
	case 10:
		d.Data = drawSlice(t, n, rapid.Bool())
	default:
		d.Data = drawSlice(t, n, text)
	}
	return d
}

func drawAttributes(t *rapid.T) map[string]*Dataset {
	var list map[string]*Dataset
	for range rapid.IntRange(0, 2).Draw(t, "attributes") {
		if list == nil {
			list = map[string]*Dataset{}
		}
		list[drawName(t)] = drawDataset(t)
	}
	return list
}

func drawGroup(t *rapid.T, depth int) *Group {
	g := &Group{Attributes: drawAttributes(t), Members: map[string]Node{}}
	for range rapid.IntRange(0, 12).Draw(t, "members") {
		if depth > 0 && rapid.IntRange(0, 3).Draw(t, "kind") == 0 {
			g.Members[drawName(t)] = drawGroup(t, depth-1)
			continue
		}
		d := drawDataset(t)
		d.Attributes = drawAttributes(t)
		g.Members[drawName(t)] = d
	}
	return g
}

// What is written is read, whatever it is.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGroup(t, 3)
		b, err := Encode(g)
		require.NoError(t, err)
		back, err := Decode(b, 0)
		require.NoError(t, err)
		require.Equal(t, g, back)
		again, err := Encode(back)
		require.NoError(t, err)
		require.Equal(t, b, again, "the same tree gives the same bytes")
	})
}

// Numbers keep their bits, NaNs included.
func TestNaN(t *testing.T) {
	const nan32, nan64 = 0x7fc12345, 0xfff8000000abcdef
	g := &Group{Members: map[string]Node{
		"single": &Dataset{Data: []float32{math.Float32frombits(nan32)}},
		"double": &Dataset{Data: []float64{math.Float64frombits(nan64)}},
	}}
	b, err := Encode(g)
	require.NoError(t, err)
	back, err := Decode(b, 0)
	require.NoError(t, err)
	require.Equal(t, uint32(nan32), math.Float32bits(back.Members["single"].(*Dataset).Data.([]float32)[0]))
	require.Equal(t, uint64(nan64), math.Float64bits(back.Members["double"].(*Dataset).Data.([]float64)[0]))
}

// Many members need several levels of a group's index; many and long strings
// need several collections.
func TestLarge(t *testing.T) {
	many := map[string]Node{}
	for i := range 5000 {
		many[fmt.Sprint("member ", i)] = &Dataset{Data: []int32{int32(i)}}
	}
	strs := make([]string, 70_000)
	for i := range strs {
		strs[i] = fmt.Sprint("string ", i)
	}
	strs[40_000] = strings.Repeat("long ", 100_000)
	g := &Group{Members: map[string]Node{
		"many":    &Group{Members: many},
		"strings": &Dataset{Shape: []int{len(strs)}, Data: strs},
		"empty":   &Group{Members: map[string]Node{}},
	}}
	b, err := Encode(g)
	require.NoError(t, err)
	back, err := Decode(b, 0)
	require.NoError(t, err)
	require.Equal(t, g, back)
}

// nested is a number of groups, each in the one before.
func nested(n int) *Group {
	g := &Group{Members: map[string]Node{}}
	for range n - 1 {
		g = &Group{Members: map[string]Node{"g": g}}
	}
	return g
}

func TestDepth(t *testing.T) {
	b, err := Encode(nested(maxDepth))
	require.NoError(t, err)
	g, err := Decode(b, 0)
	require.NoError(t, err)
	require.Equal(t, nested(maxDepth), g)
	_, err = Encode(nested(maxDepth + 1))
	require.ErrorIs(t, err, ErrFormat)
}

func TestEncodeRefuses(t *testing.T) {
	one := &Dataset{Data: []int8{1}}
	member := func(name string, n Node) *Group { return &Group{Members: map[string]Node{name: n}} }
	attribute := func(name string, d *Dataset) *Group {
		return member("a", &Group{Attributes: map[string]*Dataset{name: d}})
	}
	self := &Group{Members: map[string]Node{}}
	self.Members["g"] = self
	for name, c := range map[string]struct {
		root   *Group
		reason string
	}{
		"no root":                {nil, "hdf5: /: not a valid HDF5 file: no group"},
		"no member":              {member("a", nil), "hdf5: /a: not a valid HDF5 file: neither a group nor a dataset"},
		"no group":               {member("a", (*Group)(nil)), "/a: not a valid HDF5 file: no group"},
		"no dataset":             {member("a", (*Dataset)(nil)), "/a: not a valid HDF5 file: no dataset"},
		"empty name":             {member("", one), `hdf5: /: not a valid HDF5 file: a member named ""`},
		"dot":                    {member(".", one), `a member named "."`},
		"slash":                  {member("a/b", one), `a member named "a/b"`},
		"zero byte in a name":    {member("a\x00", one), `a member named "a\x00"`},
		"name is not UTF-8":      {member("\xff", one), `a member named "\xff", which is not UTF-8`},
		"no data":                {member("a", &Dataset{}), "data of type <nil>"},
		"other data":             {member("a", &Dataset{Data: []int{1}}), "data of type []int"},
		"too few elements":       {member("a", member("b", &Dataset{Shape: []int{2, 2}, Data: []int8{1}})), "hdf5: /a/b: not a valid HDF5 file: 1 elements in shape [2 2]"},
		"negative dimension":     {member("a", &Dataset{Shape: []int{-1}, Data: []int8{}}), "shape [-1]"},
		"too many elements":      {member("a", &Dataset{Shape: []int{1 << 20, 1 << 20}, Data: []int8{}}), "shape [1048576 1048576]"},
		"too many dimensions":    {member("a", &Dataset{Shape: make([]int, 33), Data: []int8{}}), "33 dimensions"},
		"zero byte in a string":  {member("a", &Dataset{Data: []string{"a\x00b"}}), `string 0 has a zero byte or is not UTF-8: "a\x00b"`},
		"string is not UTF-8":    {member("a", &Dataset{Data: []string{"\xff"}}), "string 0"},
		"attribute without name": {attribute("", one), `hdf5: /a: attribute "": not a valid HDF5 file: not a name`},
		"no attribute":           {attribute("x", nil), `/a: attribute "x": not a valid HDF5 file: no dataset`},
		"attribute's attribute":  {attribute("x", &Dataset{Data: []int8{1}, Attributes: map[string]*Dataset{"y": one}}), "attributes of its own"},
		"large attribute":        {attribute("x", &Dataset{Shape: []int{1 << 16}, Data: make([]int8, 1<<16)}), "do not fit into an object's header"},
		"group in itself":        {self, "groups are nested deeper than 32"},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := Encode(c.root)
			require.ErrorIs(t, err, ErrFormat)
			require.ErrorContains(t, err, c.reason)
			require.Nil(t, b)
		})
	}
}
