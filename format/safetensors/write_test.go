package safetensors

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/spikelane/spikelane/tensor"
)

// TestEncodeBytes pins the bytes: files are hashed.
func TestEncodeBytes(t *testing.T) {
	b, err := Encode([]Named{
		{Name: "b", Tensor: tensor.Of([]float32{1, -2}, 1, 2)},
		{Name: "a\x1f\x7f<ü", Ints: &Ints{Data: []int64{-2}}},
	}, map[string]string{"z": "", "k": "\"/\\\b\f\n\r\t"})
	require.NoError(t, err)
	header := `{"__metadata__":{"k":"\"/\\\b\f\n\r\t","z":""},` +
		`"b":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},` +
		`"a\u001f` + "\x7f" + `<ü":{"dtype":"I64","shape":[],"data_offsets":[8,16]}}`
	for len(header)%8 != 0 {
		header += " "
	}
	want := append(file(header, 0), 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
	require.Equal(t, string(want), string(b))

	b, err = Encode(nil, nil)
	require.NoError(t, err)
	require.Equal(t, file("{}      ", 0), b)
	b, err = Encode(nil, map[string]string{})
	require.NoError(t, err)
	require.Equal(t, file(`{"__metadata__":{}}     `, 0), b)
}

// limited takes so many bytes, then fails.
type limited struct {
	left    int
	written int
}

var errFull = errors.New("disk full")

func (w *limited) Write(p []byte) (int, error) {
	n := min(len(p), w.left)
	w.left -= n
	w.written += n
	if n < len(p) {
		return n, errFull
	}
	return n, nil
}

func TestWriteRefuses(t *testing.T) {
	ok := tensor.New(2)
	cases := []struct {
		name     string
		list     []Named
		metadata map[string]string
		sentinel error
		reason   string
	}{
		{"duplicate", []Named{{Name: "a", Tensor: ok}, {Name: "a", Tensor: ok}}, nil, ErrFormat, `two tensors named "a"`},
		{"reserved name", []Named{{Name: "__metadata__", Tensor: ok}}, nil, ErrFormat, "tensor 0"},
		{"invalid UTF-8", []Named{{Name: "a", Tensor: ok}, {Name: "\xff", Tensor: ok}}, nil, ErrFormat, "the name of tensor 1"},
		{"invalid metadata key", nil, map[string]string{"\xff": ""}, ErrFormat, "metadata"},
		{"invalid metadata value", nil, map[string]string{"k": "\xff"}, ErrFormat, `metadata "k"`},
		{"nothing", []Named{{Name: "a"}}, nil, ErrFormat, `tensor "a" must have either`},
		{"both", []Named{{Name: "a", Tensor: ok, Ints: &Ints{Data: []int64{1}}}}, nil, ErrFormat, `tensor "a" must have either`},
		{"too few numbers", []Named{{Name: "a", Tensor: tensor.Of([]float32{1}, 2)}}, nil, tensor.ErrShape, `"a" of shape [2] holds 1`},
		{"too many integers", []Named{{Name: "a", Ints: &Ints{Data: []int64{1, 2}}}}, nil, tensor.ErrShape, `"a" of shape [] holds 2`},
		{"negative", []Named{{Name: "a", Tensor: tensor.Of([]float32{1}, -1, -1)}}, nil, tensor.ErrShape, "[-1 -1]"},
		{"overflow to nothing", []Named{{Name: "a", Tensor: tensor.Of(nil, 1<<16, 1<<16, 1<<16, 1<<16)}}, nil, tensor.ErrShape, "holds 0"},
		{"rank", []Named{{Name: "a", Tensor: tensor.Of([]float32{1}, ones(65)...)}}, nil, ErrFormat, "65 dimensions"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			list := append([]Named{{Name: "first", Tensor: ok}}, c.list...)
			if strings.Contains(c.reason, "tensor 0") || strings.Contains(c.reason, "tensor 1") {
				list = c.list
			}
			w := &limited{left: 1 << 30}
			err := Write(w, list, c.metadata)
			require.ErrorIs(t, err, c.sentinel)
			require.ErrorContains(t, err, c.reason)
			require.Zero(t, w.written)
			b, err := Encode(list, c.metadata)
			require.ErrorIs(t, err, c.sentinel)
			require.Nil(t, b)
		})
	}
}

func TestHeaderLimit(t *testing.T) {
	_, _, err := encodeHeader(nil, map[string]string{"k": strings.Repeat("x", 39)}, 64)
	require.NoError(t, err)
	_, _, err = encodeHeader(nil, map[string]string{"k": strings.Repeat("x", 40)}, 64)
	require.ErrorIs(t, err, ErrFormat)
	require.ErrorContains(t, err, "a header of 72 bytes, the limit is 64")
}

func ones(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = 1
	}
	return s
}

// TestWriteFails proves that an error of the writer comes back, wherever it strikes.
func TestWriteFails(t *testing.T) {
	list := []Named{
		{Name: "a", Tensor: tensor.New(chunk + 1)},
		{Name: "b", Ints: &Ints{Shape: tensor.Shape{chunk + 1}, Data: make([]int64, chunk+1)}},
	}
	whole, err := Encode(list, nil)
	require.NoError(t, err)
	for n := 0; n < len(whole); n += 1009 {
		require.ErrorIs(t, Write(&limited{left: n}, list, nil), errFull)
	}
	require.NoError(t, Write(&limited{left: len(whole)}, list, nil))
}

// TestRoundTrip proves that what is written is read: every bit, the order, the
// names, the metadata; and that Write and Encode agree.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfNDistinct(drawName(), 0, 6, rapid.ID[string]).Draw(t, "names")
		var list []Named
		for _, name := range names {
			shape := tensor.Shape(rapid.SliceOfN(rapid.IntRange(0, 5), 0, 4).Draw(t, "shape"))
			if rapid.Bool().Draw(t, "integers") {
				v := rapid.SliceOfN(rapid.Int64(), shape.Size(), shape.Size()).Draw(t, "ints")
				list = append(list, Named{Name: name, Ints: &Ints{Shape: shape, Data: v}})
				continue
			}
			x := tensor.New(shape...)
			for i := range x.Data {
				x.Data[i] = math.Float32frombits(rapid.Uint32().Draw(t, "bits"))
			}
			list = append(list, Named{Name: name, Tensor: x})
		}
		var metadata map[string]string
		if rapid.Bool().Draw(t, "has metadata") {
			metadata = rapid.MapOf(rapid.String(), rapid.String()).Draw(t, "metadata")
		}

		data, err := Encode(list, metadata)
		require.NoError(t, err)
		var w bytes.Buffer
		require.NoError(t, Write(&w, list, metadata))
		require.Equal(t, data, w.Bytes())

		f, err := Read(data)
		require.NoError(t, err)
		require.Equal(t, metadata, f.Metadata)
		back := content(t, f)
		require.Len(t, back, len(list))
		for i, want := range list {
			got := back[i]
			require.Equal(t, want.Name, got.Name)
			if want.Ints != nil {
				require.NotNil(t, got.Ints)
				require.True(t, want.Ints.Shape.Equal(got.Ints.Shape))
				require.Equal(t, want.Ints.Data, got.Ints.Data)
				continue
			}
			require.NotNil(t, got.Tensor)
			require.True(t, want.Tensor.Shape.Equal(got.Tensor.Shape))
			require.Len(t, got.Tensor.Data, len(want.Tensor.Data))
			for k, v := range want.Tensor.Data {
				require.Equal(t, math.Float32bits(v), math.Float32bits(got.Tensor.Data[k]))
			}
		}
		again, err := Encode(back, f.Metadata)
		require.NoError(t, err)
		require.Equal(t, data, again)
	})
}

func drawName() *rapid.Generator[string] {
	return rapid.String().Filter(func(s string) bool { return s != metadataKey })
}
