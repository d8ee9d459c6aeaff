package safetensors

import (
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzRead reads anything: it must not panic, and what it accepts must be JSON
// to encoding/json with the same content, and a file we can write again.
func FuzzRead(f *testing.F) {
	f.Add(small(f))
	f.Add(file(one(`"dtype":"F16","shape":[2],"data_offsets":[0,4]`), 4))
	f.Add(file(`{"\ud83d\ude00":{"shape":[0,9],"dtype":"BOOL","data_offsets":[0,0]}}  `, 0))
	for _, c := range hostileFiles() {
		if len(c.data) < 1000 {
			f.Add(c.data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Read(data)
		if err != nil {
			require.ErrorIs(t, err, ErrFormat)
			require.Nil(t, file)
			return
		}
		requireSameJSON(t, data, file)
		end := int(prefixLen + binary.LittleEndian.Uint64(data))
		for _, name := range file.Names() {
			e, ok := file.Entry(name)
			require.True(t, ok)
			require.Len(t, e.Data, e.Shape.Size()*e.DType.Size())
			end += len(e.Data)
			_, err := file.Tensor(name)
			if err != nil {
				require.ErrorIs(t, err, ErrDType)
			}
			_, _, err = file.Int64s(name)
			if err != nil {
				require.ErrorIs(t, err, ErrDType)
			}
		}
		require.Equal(t, len(data), end)

		list := content(t, file)
		if len(list) != len(file.Names()) {
			return
		}
		again, err := Encode(list, file.Metadata)
		if err != nil {
			require.ErrorIs(t, err, ErrFormat)
			return
		}
		back, err := Read(again)
		require.NoError(t, err)
		requireSame(t, file, back)
	})
}

// requireSameJSON compares the header with what encoding/json makes of it.
func requireSameJSON(t *testing.T, data []byte, f *File) {
	header := data[prefixLen : prefixLen+binary.LittleEndian.Uint64(data)]
	var members map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(header, &members))
	if raw, ok := members[metadataKey]; ok {
		var metadata map[string]string
		require.NoError(t, json.Unmarshal(raw, &metadata))
		require.Equal(t, metadata, f.Metadata)
		for key, value := range metadata {
			begin, end, ok := f.MetadataSpan(key)
			require.True(t, ok)
			var text string
			require.NoError(t, json.Unmarshal(data[begin-1:end+1], &text))
			require.Equal(t, value, text)
		}
		delete(members, metadataKey)
	} else {
		require.Nil(t, f.Metadata)
	}
	require.Len(t, members, len(f.Names()))
	for name, raw := range members {
		var want struct {
			DType   DType    `json:"dtype"`
			Shape   []int    `json:"shape"`
			Offsets []uint64 `json:"data_offsets"`
		}
		require.NoError(t, json.Unmarshal(raw, &want))
		e, ok := f.Entry(name)
		require.True(t, ok)
		require.Equal(t, want.DType, e.DType)
		require.Equal(t, want.Shape, []int(e.Shape))
		require.EqualValues(t, want.Offsets[1]-want.Offsets[0], len(e.Data))
	}
}
