package safetensors

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// one is the header of one tensor "w" with the given members.
func one(members string) string { return `{"w":{` + members + `}}` }

type hostileFile struct {
	name   string
	data   []byte
	reason string // part of the error
}

func hostileFiles() []hostileFile {
	length := func(n uint64, rest string) []byte {
		return append(binary.LittleEndian.AppendUint64(nil, n), rest...)
	}
	const good = `"dtype":"F32","shape":[2],"data_offsets":[0,8]`
	deep := strings.Repeat(`[`, 100_000)
	deepObject := strings.Repeat(`{"a":`, 100_000)
	return []hostileFile{
		{"nil", nil, "0 bytes"},
		{"short", []byte{1, 2, 3}, "3 bytes"},
		{"seven bytes", make([]byte, 7), "7 bytes"},
		{"header of no bytes", length(0, ""), "begin with '{'"},
		{"header over the limit", length(100_000_001, "{}"), "a header of 100000001 bytes, the limit"},
		{"header of 2^64-1 bytes", length(1<<64-1, "{}"), "the limit"},
		{"header of 2^63 bytes", length(1<<63, "{}"), "the limit"},
		{"header of 2^32+2 bytes", length(1<<32+2, "{}"), "the limit"},
		{"header beyond the file", length(3, "{}"), "3 bytes, 2 are left"},
		{"header at the limit beyond the file", length(100_000_000, "{}"), "2 are left"},

		{"array", file(`[]`, 0), "begin with '{'"},
		{"leading space", file(` {}`, 0), "begin with '{'"},
		{"byte order mark", file("\ufeff{}", 0), "begin with '{'"},
		{"unterminated", file(`{`, 0), "the header ends"},
		{"not JSON", file(`{w}`, 0), "want a key, found 'w'"},
		{"only a key", file(`{"w"}`, 0), "want ':', found '}'"},
		{"unterminated key", file(`{"w`, 0), "want the end of a string, the header ends"},
		{"unterminated key with an escape", file(`{"\n`, 0), "want the end of a string, the header ends"},
		{"key ends in a backslash", file(`{"\`, 0), "want an escape, the header ends"},
		{"trailing comma", file(`{"w":{`+good+`},}`, 8), "want a key, found '}'"},
		{"no comma", file(`{"w":{`+good+`}"v"`, 8), `want ',' or '}', found '"'`},
		{"zeros after the end", file("{}\x00\x00", 0), `'\x00' after its end`},
		{"newline after the end", file("{}\n", 0), `'\n' after its end`},
		{"second object after the end", file("{}  {}", 0), "'{' after its end"},

		{"invalid UTF-8 name", file("{\"ab\xff\":{"+good+"}}", 8), "invalid UTF-8 (byte 12 of"},
		{"overlong UTF-8 name", file("{\"\xc0\xaf\":{"+good+"}}", 8), "invalid UTF-8"},
		{"surrogate in UTF-8", file("{\"\xed\xa0\x80\":{"+good+"}}", 8), "invalid UTF-8"},
		{"invalid UTF-8 metadata", file("{\"__metadata__\":{\"a\":\"\x80\"}}", 0), "invalid UTF-8"},
		{"lone surrogate", file(`{"\ud800":{`+good+`}}`, 8), "invalid escape"},
		{"lone low surrogate", file(`{"\udc00":{`+good+`}}`, 8), "invalid escape"},
		{"two high surrogates", file(`{"\ud800\ud800":{`+good+`}}`, 8), "invalid escape"},
		{"cut surrogate pair", file(`{"\ud800\u`, 8), "invalid escape"},
		{"unknown escape", file(`{"\x41":{`+good+`}}`, 8), "invalid escape in a string (byte 10 of"},
		{"bad hex", file(`{"\u00g0":{`+good+`}}`, 8), "invalid escape"},
		{"newline in a name", file("{\"a\nb\":{"+good+"}}", 8), "control characters, found '\\n'"},
		{"newline in a name with an escape", file("{\"\\t\n\":{"+good+"}}", 8), "control characters, found '\\n'"},

		{"duplicate tensor", file(`{"w":{`+good+`},"w":{`+good+`}}`, 8), `duplicate key "w" (byte `},
		{"duplicate tensor in disguise", file(`{"w":{`+good+`},"\u0077":{`+good+`}}`, 8), `duplicate key "w"`},
		{"duplicate __metadata__", file(`{"__metadata__":{},"__metadata__":{}}`, 0), `duplicate key "__metadata__"`},
		{"duplicate in __metadata__", file(`{"__metadata__":{"a":"1","a":"1"}}`, 0), `__metadata__: duplicate key "a"`},
		{"duplicate dtype", file(one(`"dtype":"F32",`+good), 8), `tensor "w": duplicate key "dtype"`},
		{"duplicate shape", file(one(`"shape":[],`+good), 8), `tensor "w": duplicate key "shape"`},
		{"duplicate data_offsets", file(one(`"data_offsets":[],`+good), 8), `tensor "w": duplicate key "data_offsets"`},
		{"unknown key", file(one(good+`,"strides":[1]`), 8), `tensor "w": unknown key "strides"`},
		{"key in capitals", file(one(`"DTYPE":"F32"`), 8), `unknown key "DTYPE"`},

		{"tensor is null", file(`{"w":null}`, 0), `tensor "w": want an object, found 'n'`},
		{"tensor is an array", file(`{"w":[]}`, 0), "want an object, found '['"},
		{"no dtype", file(one(`"shape":[2],"data_offsets":[0,8]`), 8), `tensor "w": no dtype`},
		{"no shape", file(one(`"dtype":"F32","data_offsets":[0,8]`), 8), `tensor "w": no shape`},
		{"no offsets", file(one(`"dtype":"F32","shape":[2]`), 8), `tensor "w": no data_offsets`},
		{"empty entry", file(`{"w":{}}`, 0), `tensor "w": no dtype (byte 9 of`},
		{"unknown dtype", file(one(`"dtype":"F33","shape":[2],"data_offsets":[0,8]`), 8), `unknown dtype "F33"`},
		{"dtype in small letters", file(one(`"dtype":"f32","shape":[2],"data_offsets":[0,8]`), 8), `unknown dtype "f32"`},
		{"empty dtype", file(one(`"dtype":"","shape":[2],"data_offsets":[0,8]`), 8), `unknown dtype ""`},
		{"dtype is a number", file(one(`"dtype":32`), 8), "want a string as dtype, found '3'"},
		{"dtype is null", file(one(`"dtype":null`), 8), "want a string as dtype, found 'n'"},

		{"shape is a number", file(one(`"shape":2`), 8), "want an array as shape, found '2'"},
		{"shape is null", file(one(`"shape":null`), 8), "want an array as shape, found 'n'"},
		{"negative dimension", file(one(`"dtype":"F32","shape":[-2],"data_offsets":[0,8]`), 8), `tensor "w": shape has a negative`},
		{"minus zero", file(one(`"dtype":"F32","shape":[-0],"data_offsets":[0,0]`), 0), "shape has a negative"},
		{"fractional dimension", file(one(`"dtype":"F32","shape":[2.0],"data_offsets":[0,8]`), 8), "not written as a whole"},
		{"exponent", file(one(`"dtype":"F32","shape":[2e0],"data_offsets":[0,8]`), 8), "not written as a whole"},
		{"leading zero", file(one(`"dtype":"F32","shape":[02],"data_offsets":[0,8]`), 8), "leading zero"},
		{"plus", file(one(`"dtype":"F32","shape":[+2],"data_offsets":[0,8]`), 8), "want a number in shape, found '+'"},
		{"dimension is a string", file(one(`"shape":["2"]`), 8), `want a number in shape, found '"'`},
		{"dimension of 2^64", file(one(`"shape":[18446744073709551616]`), 8), "overflows 64 bits"},
		{"dimension of a thousand digits", file(one(`"shape":[`+strings.Repeat("9", 1000)+`]`), 8), "overflows 64 bits"},
		{"shape ends in a comma", file(one(`"shape":[2,]`), 8), "want a number in shape, found ']'"},
		{"shape without commas", file(one(`"shape":[2 2]`), 8), "want ',' or ']', found '2'"},
		{"shape with 65 dimensions", file(one(`"dtype":"U8","shape":[1`+strings.Repeat(",1", 64)+`],"data_offsets":[0,1]`), 1),
			"shape has more than 64 numbers"},
		{"product overflows 64 bits", file(one(`"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]`), 0), "overflows"},
		{"bytes overflow 64 bits", file(one(`"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]`), 0), "overflows"},
		{"product overflows 32 bits", file(one(`"dtype":"F32","shape":[65536,65536],"data_offsets":[0,0]`), 0), "takes 17179869184"},
		{"bytes overflow 32 bits", file(one(`"dtype":"F32","shape":[1073741824],"data_offsets":[0,0]`), 0), "takes 4294967296"},
		{"empty with a vast dimension", file(one(`"dtype":"F32","shape":[0,2147483648],"data_offsets":[0,0]`), 0), "overflows"},

		{"negative offset", file(one(`"dtype":"F32","shape":[2],"data_offsets":[-8,0]`), 8), "data_offsets has a negative"},
		{"fractional offset", file(one(`"dtype":"F32","shape":[2],"data_offsets":[0,8.0]`), 8), "not written as a whole"},
		{"offset of 2^64", file(one(`"dtype":"F32","shape":[2],"data_offsets":[0,18446744073709551616]`), 8), "overflows 64 bits"},
		{"offset of 2^64-1", file(one(`"dtype":"F32","shape":[2],"data_offsets":[18446744073709551608,18446744073709551615]`), 8),
			"the file has 8 bytes of data"},
		{"offset of 2^32+8", file(one(`"dtype":"F32","shape":[2],"data_offsets":[0,4294967304]`), 8), "the file has 8 bytes"},
		{"offsets reversed", file(one(`"dtype":"F32","shape":[2],"data_offsets":[8,0]`), 8), "end before they begin"},
		{"one offset", file(one(`"dtype":"F32","shape":[2],"data_offsets":[8]`), 8), "want begin and end"},
		{"no offset", file(one(`"dtype":"F32","shape":[2],"data_offsets":[]`), 8), "want begin and end"},
		{"three offsets", file(one(`"dtype":"F32","shape":[2],"data_offsets":[0,8,8]`), 8), "more than 2 numbers"},
		{"truncated data", file(one(good), 7), `tensor "w": data_offsets [0 8], the file has 7 bytes of data (byte 9 of`},
		{"too few bytes", file(one(`"dtype":"F32","shape":[3],"data_offsets":[0,8]`), 8), "hold 8 bytes, F32 of shape [3] takes 12"},
		{"too many bytes", file(one(`"dtype":"F32","shape":[],"data_offsets":[0,8]`), 8), "hold 8 bytes, F32 of shape [] takes 4"},
		{"empty with bytes", file(one(`"dtype":"F32","shape":[0],"data_offsets":[0,8]`), 8), "F32 of shape [0] takes 0"},
		{"another dtype's bytes", file(one(`"dtype":"I64","shape":[2],"data_offsets":[0,8]`), 8), "I64 of shape [2] takes 16"},

		{"hole at the beginning", file(one(`"dtype":"F32","shape":[1],"data_offsets":[4,8]`), 8),
			`"w" begins at byte 4 of the data, bytes 0 to 4 before it belong to no tensor`},
		{"hole", file(`{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[3,5]}}`, 5),
			`"b" begins at byte 3 of the data, bytes 2 to 3`},
		{"overlap", file(`{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}`, 3),
			`"b" begins at byte 1 of the data and overlaps "a"`},
		{"twice the same bytes", file(`{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}`, 2),
			`overlaps "a"`},
		{"empty tensor within another", file(`{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[0],"data_offsets":[1,1]}}`, 2),
			`"b" begins at byte 1 of the data and overlaps "a"`},
		{"bytes after the last tensor", file(one(good), 9), "1 bytes after the last tensor"},
		{"data without tensors", file(`{}`, 1), "1 bytes after the last tensor"},

		{"metadata is null", file(`{"__metadata__":null}`, 0), "__metadata__: want an object, found 'n'"},
		{"metadata is a string", file(`{"__metadata__":"x"}`, 0), "__metadata__: want an object"},
		{"metadata value is a number", file(`{"__metadata__":{"a":1}}`, 0), `want a string as value of "a", found '1'`},
		{"metadata value is null", file(`{"__metadata__":{"a":null}}`, 0), `want a string as value of "a", found 'n'`},
		{"metadata value is an object", file(`{"__metadata__":{"a":{}}}`, 0), `want a string as value of "a", found '{'`},
		{"metadata value is missing", file(`{"__metadata__":{"a":}}`, 0), `want a string as value of "a", found '}'`},
		{"deep array", file(`{"w":`+deep, 0), "want an object, found '['"},
		{"deep shape", file(one(`"shape":`+deep), 0), "want a number in shape, found '['"},
		{"deep metadata", file(`{"__metadata__":{"a":`+deep, 0), "found '['"},
		{"deep object", file(deepObject, 0), `unknown key "a"`},
	}
}

// TestReadRefuses proves that each broken file is an error, for its own reason.
func TestReadRefuses(t *testing.T) {
	for _, c := range hostileFiles() {
		t.Run(c.name, func(t *testing.T) {
			f, err := Read(c.data)
			require.ErrorIs(t, err, ErrFormat)
			require.ErrorContains(t, err, c.reason)
			require.Nil(t, f)
			require.Less(t, len(err.Error()), 1000, "an error is for a reader")
		})
	}
}

// TestReadRefusesCuts proves that no part of a file passes for a file.
func TestReadRefusesCuts(t *testing.T) {
	whole := small(t)
	for n := range whole {
		_, err := Read(whole[:n])
		require.ErrorIs(t, err, ErrFormat, "%d bytes", n)
	}
	_, err := Read(append(whole, 0))
	require.ErrorIs(t, err, ErrFormat)
}

// TestReadAllocates proves that a header's claims cost nothing, and that what
// is there costs no more than some multiple of its size.
func TestReadAllocates(t *testing.T) {
	cost := func(data []byte) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Read(data)
		runtime.ReadMemStats(&after)
		require.ErrorIs(t, err, ErrFormat)
		return after.TotalAlloc - before.TotalAlloc
	}
	claim := append(binary.LittleEndian.AppendUint64(nil, 90_000_000), "{           "...)
	require.Len(t, claim, 20)
	require.Less(t, cost(claim), uint64(64<<10))

	vast := one(`"dtype":"F32","shape":[22500000],"data_offsets":[0,90000000]`)
	require.Less(t, cost(file(vast, 0)), uint64(64<<10))

	dims := one(`"dtype":"U8","shape":[1` + strings.Repeat(",1", 1<<20) + `],"data_offsets":[0,1]`)
	require.Less(t, cost(file(dims, 1)), uint64(64<<10))

	digits := one(`"shape":[` + strings.Repeat("9", 1<<20) + `]`)
	require.Less(t, cost(file(digits, 1)), uint64(64<<10))

	var many strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&many, `,"%x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`, i)
	}
	entries := file("{"+many.String()[1:]+"}", 1)
	require.Less(t, cost(entries), uint64(20*len(entries)))
	t.Logf("%d entries of %d bytes: %d", 20_000, len(entries), cost(entries))

	many.Reset()
	for i := range 50_000 {
		fmt.Fprintf(&many, `,"%x":""`, i)
	}
	keys := file(`{"__metadata__":{`+many.String()[1:]+"}}", 1)
	require.Less(t, cost(keys), uint64(40*len(keys)))
	t.Logf("%d keys of %d bytes: %d", 50_000, len(keys), cost(keys))
}
