package safetensors

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/spikelane/spikelane/tensor"
)

// Named is a tensor to write: either Tensor, as F32, or Ints, as I64.
type Named struct {
	Name   string
	Tensor *tensor.Tensor
	Ints   *Ints
}

// Ints is an int64 array, row-major: labels, indices, times.
type Ints struct {
	Shape tensor.Shape
	Data  []int64
}

// chunk is how many elements are encoded between two calls of the writer.
const chunk = 8192

// Write writes a file: the metadata (none if nil) with its keys sorted, then
// the tensors in the given order. The same arguments give the same bytes.
//
// A name that comes twice, is "__metadata__" or no valid UTF-8, an entry
// without or with two arrays, a rank over 64 and a header over 100,000,000
// bytes are errors that wrap [ErrFormat]; data that does not fill its shape is
// one that wraps [tensor.ErrShape]. After these nothing has been written.
// Other errors come from w.
func Write(w io.Writer, tensors []Named, metadata map[string]string) error {
	header, _, err := encodeHeader(tensors, metadata, maxHeader)
	if err != nil {
		return err
	}
	return write(w, header, tensors)
}

// Encode returns the file that [Write] would write.
func Encode(tensors []Named, metadata map[string]string) ([]byte, error) {
	header, size, err := encodeHeader(tensors, metadata, maxHeader)
	if err != nil {
		return nil, err
	}
	// The same large array under many names can exceed a 32-bit memory.
	if size > uint64(math.MaxInt-len(header)) {
		return nil, fmt.Errorf("%w: %d bytes of data are too many for this machine's memory", tensor.ErrShape, size)
	}
	b := bytes.NewBuffer(make([]byte, 0, len(header)+int(size)))
	err = write(b, header, tensors)
	return b.Bytes(), err
}

func write(w io.Writer, header []byte, tensors []Named) error {
	if _, err := w.Write(header); err != nil {
		return fmt.Errorf("writing the header: %w", err)
	}
	var buf []byte
	for _, t := range tensors {
		var err error
		if t.Tensor != nil {
			buf, err = writeChunks(w, buf, t.Tensor.Data, func(b []byte, v float32) []byte {
				return binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
			})
		} else {
			buf, err = writeChunks(w, buf, t.Ints.Data, func(b []byte, v int64) []byte {
				return binary.LittleEndian.AppendUint64(b, uint64(v))
			})
		}
		if err != nil {
			return fmt.Errorf("writing tensor %.80q: %w", t.Name, err)
		}
	}
	return nil
}

// writeChunks writes data through buf, which it returns for further use.
func writeChunks[E any](w io.Writer, buf []byte, data []E, app func([]byte, E) []byte) ([]byte, error) {
	for part := range slices.Chunk(data, chunk) {
		buf = buf[:0]
		for _, v := range part {
			buf = app(buf, v)
		}
		if _, err := w.Write(buf); err != nil {
			return buf, err
		}
	}
	return buf, nil
}

// encodeHeader returns everything before the data, and the bytes of data.
func encodeHeader(tensors []Named, metadata map[string]string, limit int) (header []byte, size uint64, err error) {
	b := append(make([]byte, prefixLen), '{')
	if metadata != nil {
		if b, err = appendMetadata(b, metadata); err != nil {
			return nil, 0, err
		}
	}
	seen := make(map[string]bool, len(tensors))
	for i, t := range tensors {
		if err := t.checkName(i); err != nil {
			return nil, 0, err
		}
		if seen[t.Name] {
			return nil, 0, fmt.Errorf("%w: two tensors named %.80q", ErrFormat, t.Name)
		}
		seen[t.Name] = true
		dtype, shape, n, err := t.layout()
		if err != nil {
			return nil, 0, err
		}
		b = appendComma(b)
		b = appendString(b, t.Name)
		b = append(b, `:{"dtype":"`+string(dtype)+`","shape":`...)
		b = appendNumbers(b, shape...)
		b = append(b, `,"data_offsets":`...)
		b = appendNumbers(b, size, size+n)
		b = append(b, '}')
		size += n
	}
	b = append(b, '}')
	for len(b)%8 != 0 {
		b = append(b, ' ')
	}
	if len(b)-prefixLen > limit {
		return nil, 0, fmt.Errorf("%w: a header of %d bytes, the limit is %d", ErrFormat, len(b)-prefixLen, limit)
	}
	binary.LittleEndian.PutUint64(b, uint64(len(b)-prefixLen))
	return b, size, nil
}

func (t Named) checkName(i int) error {
	switch {
	case t.Name == metadataKey:
		return fmt.Errorf("%w: tensor %d is named %q, which is the metadata's name", ErrFormat, i, t.Name)
	case !utf8.ValidString(t.Name):
		return fmt.Errorf("%w: the name of tensor %d, %.80q, is not valid UTF-8", ErrFormat, i, t.Name)
	case (t.Tensor == nil) == (t.Ints == nil):
		return fmt.Errorf("%w: tensor %.80q must have either Tensor or Ints", ErrFormat, t.Name)
	}
	return nil
}

// layout returns how the tensor is stored, with its number of bytes.
func (t Named) layout() (DType, []uint64, uint64, error) {
	dtype, dims, length := DTypeF32, tensor.Shape(nil), 0
	if t.Tensor != nil {
		dims, length = t.Tensor.Shape, len(t.Tensor.Data)
	} else {
		dtype, dims, length = DTypeI64, t.Ints.Shape, len(t.Ints.Data)
	}
	if len(dims) > maxRank {
		return "", nil, 0, fmt.Errorf("%w: tensor %.80q has %d dimensions, the limit is %d", ErrFormat, t.Name, len(dims), maxRank)
	}
	shape := make([]uint64, len(dims))
	for i, d := range dims {
		if d < 0 {
			return "", nil, 0, fmt.Errorf("%w: tensor %.80q of shape %v", tensor.ErrShape, t.Name, dims)
		}
		shape[i] = uint64(d)
	}
	n, ok := byteSize(shape, dtype)
	if !ok || n != uint64(length)*uint64(dtype.Size()) {
		return "", nil, 0, fmt.Errorf("%w: tensor %.80q of shape %v holds %d numbers", tensor.ErrShape, t.Name, dims, length)
	}
	return dtype, shape, n, nil
}

func appendMetadata(b []byte, metadata map[string]string) ([]byte, error) {
	b = append(b, `"`+metadataKey+`":{`...)
	for _, key := range slices.Sorted(maps.Keys(metadata)) {
		value := metadata[key]
		if !utf8.ValidString(key) || !utf8.ValidString(value) {
			return nil, fmt.Errorf("%w: metadata %.80q is not valid UTF-8", ErrFormat, key)
		}
		b = appendComma(b)
		b = appendString(b, key)
		b = append(b, ':')
		b = appendString(b, value)
	}
	return append(b, '}'), nil
}

// appendComma separates from what is before, unless that opens an object.
func appendComma(b []byte) []byte {
	if b[len(b)-1] == '{' {
		return b
	}
	return append(b, ',')
}

func appendNumbers(b []byte, list ...uint64) []byte {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendUint(b, v, 10)
	}
	return append(b, ']')
}

// appendString escapes what JSON demands and no more, as the reference writer
// does. encoding/json has changed its escapes before; these bytes are hashed.
func appendString(b []byte, s string) []byte {
	const short = "\"\\\b\f\n\r\t"
	b = append(b, '"')
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			b = append(b, c)
		} else if k := strings.IndexByte(short, c); k >= 0 {
			b = append(b, '\\', `"\bfnrt`[k])
		} else {
			b = fmt.Appendf(b, `\u%04x`, c)
		}
	}
	return append(b, '"')
}
