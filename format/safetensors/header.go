package safetensors

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/spikelane/spikelane/tensor"
)

const (
	metadataKey = "__metadata__"
	// maxRank is NumPy's limit; a header full of dimensions is an attack.
	maxRank = 64
)

// record is where the data of a tensor lies, for the check of the whole.
type record struct {
	name       string
	begin, end int
}

// header fills f from the header, and returns the tensors in its order.
func (f *File) header(s *scanner, data []byte) ([]record, error) {
	var records []record
	err := s.object(func(key string, at int) error {
		if key == metadataKey {
			if f.Metadata != nil {
				return s.fail(at, "duplicate key %q", key)
			}
			s.where = metadataKey
			err := f.metadata(s)
			s.where = "header"
			return err
		}
		if _, ok := f.entries[key]; ok {
			return s.fail(at, "duplicate key %.80q", key)
		}
		s.where = fmt.Sprintf("tensor %.80q", key)
		e, r, err := s.entry(at, data)
		if err != nil {
			return err
		}
		s.where = "header"
		r.name = key
		f.entries[key] = e
		records = append(records, r)
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i := s.at; i < len(s.text); i++ {
		if s.text[i] != ' ' {
			return nil, s.fail(i, "%q after its end, want spaces only", s.text[i])
		}
	}
	return records, nil
}

func (f *File) metadata(s *scanner) error {
	f.Metadata, f.spans = map[string]string{}, map[string][2]int{}
	return s.object(func(key string, at int) error {
		if _, ok := f.Metadata[key]; ok {
			return s.fail(at, "duplicate key %.80q", key)
		}
		s.space()
		begin := s.at
		if begin < len(s.text) && s.text[begin] != '"' {
			return s.unexpected(fmt.Sprintf("a string as value of %.80q", key))
		}
		value, err := s.string("a string")
		if err != nil {
			return err
		}
		f.Metadata[key] = value
		f.spans[key] = [2]int{prefixLen + begin + 1, prefixLen + s.at - 1}
		return nil
	})
}

// entry reads the description of a tensor, whose key is at the given place.
func (s *scanner) entry(at int, data []byte) (Entry, record, error) {
	var (
		dtype          DType
		shape, offsets []uint64
	)
	err := s.object(func(key string, at int) (err error) {
		seen := false
		switch key {
		case "dtype":
			seen = dtype != ""
			dtype, err = s.dtype()
		case "shape":
			seen = shape != nil
			shape, err = s.numbers("shape", maxRank)
		case "data_offsets":
			seen = offsets != nil
			offsets, err = s.numbers("data_offsets", 2)
		default:
			return s.fail(at, "unknown key %.80q", key)
		}
		if seen {
			return s.fail(at, "duplicate key %q", key)
		}
		return err
	})
	switch {
	case err != nil:
		return Entry{}, record{}, err
	case dtype == "":
		return Entry{}, record{}, s.fail(at, "no dtype")
	case shape == nil:
		return Entry{}, record{}, s.fail(at, "no shape")
	case offsets == nil:
		return Entry{}, record{}, s.fail(at, "no data_offsets")
	case len(offsets) != 2:
		return Entry{}, record{}, s.fail(at, "data_offsets %d, want begin and end", offsets)
	}
	begin, end := offsets[0], offsets[1]
	if begin > end {
		return Entry{}, record{}, s.fail(at, "data_offsets %d end before they begin", offsets)
	}
	if end > uint64(len(data)) {
		return Entry{}, record{}, s.fail(at, "data_offsets %d, the file has %d bytes of data", offsets, len(data))
	}
	want, ok := byteSize(shape, dtype)
	if !ok {
		return Entry{}, record{}, s.fail(at, "shape %d overflows", shape)
	}
	if want != end-begin {
		return Entry{}, record{}, s.fail(at, "data_offsets %d hold %d bytes, %s of shape %d takes %d",
			offsets, end-begin, dtype, shape, want)
	}
	e := Entry{DType: dtype, Shape: make(tensor.Shape, len(shape)), Data: data[begin:end:end]}
	for i, d := range shape {
		e.Shape[i] = int(d)
	}
	return e, record{begin: int(begin), end: int(end)}, nil
}

func (s *scanner) dtype() (DType, error) {
	s.space()
	at := s.at
	name, err := s.string("a string as dtype")
	if err != nil {
		return "", err
	}
	if DType(name).Size() == 0 {
		return "", s.fail(at, "unknown dtype %.80q", name)
	}
	return DType(name), nil
}

// byteSize is the number of bytes of a tensor, not ok if it overflows. The
// dimensions of an empty tensor, which no data bounds, must fit an int32, so
// that 32-bit and 64-bit machines accept the same files.
func byteSize(shape []uint64, dtype DType) (n uint64, ok bool) {
	if slices.Contains(shape, 0) {
		return 0, slices.Max(shape) <= math.MaxInt32
	}
	n = uint64(dtype.Size())
	for _, d := range shape {
		hi, lo := bits.Mul64(n, d)
		if hi != 0 {
			return 0, false
		}
		n = lo
	}
	return n, true
}
