package npy_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/npy"
)

// file is a file of version 1.0 with this header and so many bytes of zeros.
func file(header string, data int) []byte {
	b := append([]byte("\x93NUMPY\x01\x00"), byte(len(header)), byte(len(header)>>8))
	return append(append(b, header...), make([]byte, data)...)
}

func head(descr, fortran, shape string) string {
	return fmt.Sprintf("{'descr': %s, 'fortran_order': %s, 'shape': %s, }\n", descr, fortran, shape)
}

func shaped(shape string, data int) []byte { return file(head("'<f4'", "False", shape), data) }

func TestAcceptsOtherSpellings(t *testing.T) {
	for _, header := range []string{
		`{'descr':'<f4','fortran_order':False,'shape':(2,)}`,
		`{"shape": (2,), "fortran_order": True, "descr": "<f4"}` + "   \n",
		` { 'shape' : ( 2 , ) , 'descr' : '<f4' , 'fortran_order' : False , } `,
	} {
		a, err := npy.Parse(file(header, 8))
		require.NoError(t, err, header)
		require.Equal(t, []float32{0, 0}, a.Data, header)
	}
}

func TestRefuses(t *testing.T) {
	unsupported := npy.ErrUnsupported
	for _, c := range []struct {
		name string
		data []byte
		is   error
		says string
	}{
		{"nothing", nil, npy.ErrFormat, "cut short"},
		{"another format", []byte("PK\x03\x04 and so on"), npy.ErrFormat, "begins with"},
		{"version 4", []byte("\x93NUMPY\x04\x00\x00\x00\x00\x00"), npy.ErrFormat, "version 4.0"},
		{"version 1.1", []byte("\x93NUMPY\x01\x01\x00\x00"), npy.ErrFormat, "version 1.1"},
		{"no length", []byte("\x93NUMPY\x01\x00\x05"), npy.ErrFormat, "cut short"},
		{"header cut", file("{'descr'", 0)[:14], npy.ErrFormat, "the header: "},
		{"header of 4 GB", []byte("\x93NUMPY\x02\x00\xff\xff\xff\xff{"), npy.ErrFormat, "the limit"},
		{"empty header", file("", 0), npy.ErrFormat, "want a dict"},
		{"a program", file("__import__('os').system('true')", 0), npy.ErrFormat, "want a dict"},
		{"empty dict", file("{}", 0), npy.ErrFormat, "no descr"},
		{"no shape", file("{'descr': '<f4', 'fortran_order': False}", 0), npy.ErrFormat, "no shape"},
		{"key twice", file("{'shape': (), 'shape': ()}", 0), npy.ErrFormat, `"shape" twice`},
		{"unknown key", file("{'color': 1}", 0), npy.ErrFormat, "unknown key"},
		{"only a comma", file("{,}", 0), npy.ErrFormat, "want a string"},
		{"no comma", file("{'shape': () 'descr': '<f4'}", 0), npy.ErrFormat, "want ','"},
		{"no colon", file("{'shape' ()}", 0), npy.ErrFormat, "want ':'"},
		{"dict without end", file("{'shape': ()", 0), npy.ErrFormat, "want ','"},
		{"string without end", file("{'shape: ()}", 0), npy.ErrFormat, "without end"},
		{"text after the dict", file(head("'<f4'", "False", "()")+"x", 4), npy.ErrFormat, "after the dict"},
		{"truth in lower case", file(head("'<f4'", "false", "()"), 4), npy.ErrFormat, "want True or False"},
		{"truth as a number", file(head("'<f4'", "0", "()"), 4), npy.ErrFormat, "want True or False"},
		{"shape is a list", shaped("[1]", 4), npy.ErrFormat, "want a tuple"},
		{"shape is a number", shaped("(1)", 4), npy.ErrFormat, "is no tuple"},
		{"shape without end", shaped("(1", 4), npy.ErrFormat, "want a whole number"},
		{"shape of a comma", shaped("(,)", 4), npy.ErrFormat, "want a whole number"},
		{"shape of two commas", shaped("(1,,)", 4), npy.ErrFormat, "want a whole number"},
		{"shape without comma", shaped("(1 1)", 4), npy.ErrFormat, "want ',' or ')'"},
		{"negative", shaped("(-1,)", 4), npy.ErrFormat, "not negative"},
		{"a sum", shaped("(1+1,)", 8), npy.ErrFormat, "want ',' or ')'"},
		{"a float", shaped("(1.0,)", 4), npy.ErrFormat, "want ',' or ')'"},
		{"octal", shaped("(01,)", 4), npy.ErrFormat, "leading zero"},
		{"more than 64 bits", shaped("(99999999999999999999,)", 4), npy.ErrFormat, "overflows"},
		{"product overflows", shaped("(3037000500, 3037000500)", 4), npy.ErrFormat, "overflows"},
		{"product overflows to the size", shaped("(4294967296, 4294967296, 1)", 0), npy.ErrFormat, "overflows"},
		{"empty beside huge", shaped("(0, 4294967296)", 0), npy.ErrFormat, "overflows"},
		{"65 dimensions", shaped("("+strings.Repeat("1, ", 65)+")", 4), npy.ErrFormat, "64 dimensions"},
		{"a byte too few", shaped("(2,)", 7), npy.ErrFormat, "has 8 bytes, 7 follow"},
		{"a byte too many", shaped("(2,)", 9), npy.ErrFormat, "has 8 bytes, 9 follow"},
		{"numbers after nothing", shaped("(0,)", 1), npy.ErrFormat, "has 0 bytes, 1 follow"},
		{"truth value 2", append(file(head("'|b1'", "False", "(1,)"), 0), 2), npy.ErrFormat, "stored as 2"},
		{"no type", file(head("''", "False", "()"), 0), npy.ErrFormat, "empty descr"},
		{"no byte order", file(head("'f4'", "False", "()"), 4), npy.ErrFormat, "no byte order"},
		{"order of the machine", file(head("'=f4'", "False", "()"), 4), npy.ErrFormat, "no byte order"},
		{"order of no matter", file(head("'|f4'", "False", "()"), 4), npy.ErrFormat, "no byte order"},
		{"only a byte order", file(head("'<'", "False", "()"), 4), unsupported, ""},
		{"float of 16 bytes", file(head("'<f16'", "False", "()"), 16), unsupported, `"<f16"`},
		{"objects", file(head("'|O'", "False", "()"), 8), unsupported, "pickles"},
		{"records", file(head("[('x', '<f4')]", "False", "()"), 4), unsupported, "records"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := npy.Parse(c.data)
			require.ErrorIs(t, err, c.is)
			require.ErrorContains(t, err, c.says)
			require.True(t, strings.HasPrefix(err.Error(), "npy: "))
		})
	}
}

// A file that promises terabytes costs what it has, from a reader too.
func TestPromisesCostNothing(t *testing.T) {
	for name, shape := range map[string]string{"large": "(1000000000000,)", "larger than memory": "(4611686018427387904,)", "fits 32 bits": "(500000000,)"} {
		data := shaped(shape, 7)
		for how, read := range map[string]func() (npy.Array, error){
			"Parse": func() (npy.Array, error) { return npy.Parse(data) },
			"Read":  func() (npy.Array, error) { return npy.Read(bytes.NewReader(data)) },
		} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := read()
			runtime.ReadMemStats(&after)
			require.ErrorIs(t, err, npy.ErrFormat, "%s %s", name, how)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<10), "%s %s", name, how)
		}
	}
}

// Read leaves what follows the array, and hands errors of its reader on.
func TestRead(t *testing.T) {
	first, err := npy.Array{Shape: []int{3}, Data: []uint8{1, 2, 3}}.Encode()
	require.NoError(t, err)
	second, err := npy.Array{Shape: []int{}, Data: []float64{0.1}}.Encode()
	require.NoError(t, err)
	r := iotest.OneByteReader(bytes.NewReader(append(first, second...)))
	for _, want := range []any{[]uint8{1, 2, 3}, []float64{0.1}} {
		a, err := npy.Read(r)
		require.NoError(t, err)
		require.Equal(t, want, a.Data)
	}
	_, err = npy.Read(r)
	require.ErrorIs(t, err, npy.ErrFormat)

	broken := errors.New("the line is dead")
	for _, n := range []int{0, 7, 9, 60, len(second) - 1} {
		_, err := npy.Read(io.MultiReader(bytes.NewReader(second[:n]), iotest.ErrReader(broken)))
		require.ErrorIs(t, err, broken, n)
		_, err = npy.Read(bytes.NewReader(second[:n]))
		require.ErrorIs(t, err, npy.ErrFormat, n)
	}
}

func TestFilesNameTheirPath(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.npy")
	_, err := npy.ReadFile(path)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.WriteFile(path, []byte("no array"), 0o644))
	_, err = npy.ReadFile(path)
	require.ErrorIs(t, err, npy.ErrFormat)
	require.ErrorContains(t, err, path)
	_, err = npy.OpenArchive(path)
	require.ErrorIs(t, err, npy.ErrFormat)
	require.ErrorContains(t, err, path)
	require.Error(t, npy.WriteFile(filepath.Join(path, "y"), npy.Array{Data: []int8{1}}))

	want := npy.Array{Shape: []int{2, 2}, Data: []int16{1, -2, 3, -4}}
	require.NoError(t, npy.WriteFile(path, want))
	got, err := npy.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, want, got)
}

// FuzzParse parses anything: it must not panic, and what it accepts is written
// and read to the same array.
func FuzzParse(f *testing.F) {
	for _, path := range []string{"version1.npy", "version2.npy", "version3.npy"} {
		data, err := os.ReadFile(filepath.Join("testdata", path))
		require.NoError(f, err)
		f.Add(data)
	}
	for _, shape := range []string{"()", "(2,)", "(0, 7)", "(1000000000000,)", "(3037000500, 3037000500)", "(2, 3, 1)"} {
		for _, descr := range []string{"'<f2'", "'>f4'", "'|b1'", "'|O'", "[('x', '<i2')]"} {
			f.Add(file(head(descr, "True", shape), 24))
			f.Add(file(head(descr, "False", shape), 12))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := npy.Parse(data)
		if err != nil {
			require.True(t, errors.Is(err, npy.ErrFormat) || errors.Is(err, npy.ErrUnsupported), err)
			return
		}
		again, err := a.Encode()
		require.NoError(t, err)
		back, err := npy.Read(bytes.NewReader(again))
		require.NoError(t, err)
		// NaNs are equal to nothing; their bytes are.
		twice, err := back.Encode()
		require.NoError(t, err)
		require.Equal(t, again, twice)
		require.Equal(t, a.Shape, back.Shape)
		require.LessOrEqual(t, binary.Size(a.Data), 2*len(data))
	})
}
