package safetensors

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"strings"
)

// ErrSum is wrapped by errors about a checksum that is not there or does not
// match.
var ErrSum = errors.New("bad checksum")

// EncodeSummed is [Encode] with one more entry in the metadata, of the given
// key: the SHA-256, in hexadecimal digits, of the file in which they are zeros.
func EncodeSummed(tensors []Named, metadata map[string]string, key string) ([]byte, error) {
	all := map[string]string{}
	maps.Copy(all, metadata)
	all[key] = strings.Repeat("0", 2*sha256.Size)
	data, err := Encode(tensors, all)
	if err != nil {
		return nil, err
	}
	f, err := Read(data)
	if err != nil {
		return nil, err
	}
	begin, end, _ := f.MetadataSpan(key)
	sum := sha256.Sum256(data)
	hex.Encode(data[begin:end], sum[:])
	return data, nil
}

// CheckSum compares data, which the file was read from, with the checksum that
// [EncodeSummed] put into its metadata. Errors wrap [ErrSum].
func (f *File) CheckSum(data []byte, key string) error {
	begin, end, ok := f.MetadataSpan(key)
	if !ok || end-begin != 2*sha256.Size {
		return fmt.Errorf("%w: no %s in its metadata", ErrSum, key)
	}
	h := sha256.New()
	h.Write(data[:begin])
	h.Write(bytes.Repeat([]byte("0"), end-begin))
	h.Write(data[end:])
	if hex.EncodeToString(h.Sum(nil)) != string(data[begin:end]) {
		return fmt.Errorf("%w: it does not match: the file is damaged, or was changed by hand", ErrSum)
	}
	return nil
}
