package aedat4

import (
	"bytes"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"

	"github.com/spikelane/spikelane/format/events"
)

// unpacker undoes the compression of packets.
type unpacker struct {
	lz4  *lz4.Reader
	zstd *zstd.Decoder
}

// newUnpacker is that of a compression: none, LZ4 or Zstandard, each of the last
// at two levels.
func newUnpacker(compression int32) (*unpacker, error) {
	switch compression {
	case 0:
		return &unpacker{}, nil
	case 1, 2:
		return &unpacker{lz4: lz4.NewReader(nil)}, nil
	case 3, 4:
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(packetBytes), zstd.WithDecoderLowmem(true))
		return &unpacker{zstd: d}, err
	}
	return nil, fmt.Errorf("%w: compression %d; it is 0 to 4: none, LZ4, Zstandard", events.ErrFormat, compression)
}

// bytes unpacks into a buffer.
func (u *unpacker) bytes(packed, buffer []byte) ([]byte, error) {
	switch {
	case u.zstd != nil:
		return u.zstd.DecodeAll(packed, buffer[:0])
	case u.lz4 == nil:
		return packed, nil
	}
	u.lz4.Reset(bytes.NewReader(packed))
	b := bytes.NewBuffer(buffer[:0])
	n, err := io.Copy(b, io.LimitReader(u.lz4, packetBytes+1))
	if err == nil && n > packetBytes {
		err = fmt.Errorf("it unpacks to over %d bytes", packetBytes)
	}
	return b.Bytes(), err
}
