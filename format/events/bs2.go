package events

import (
	"encoding/binary"
	"strings"
	"time"
)

// bs2 is how SLAYER and N-MNIST write recordings (.bs2, .bin): big-endian
// x (8 bits), y (8), polarity (1), microseconds (23), and no header.
var bs2 = Format{
	Name: "bs2", What: "N-MNIST .bs2",
	Match: func(head []byte, name string) bool {
		return len(head) > 0 && (strings.HasSuffix(name, ".bs2") || strings.HasSuffix(name, ".bin"))
	},
	Open: func(s *Source, _ Options) (Decoder, Header, error) {
		return &bs2Decoder{in: s}, Header{Unit: time.Microsecond, Fixed: true}, nil
	},
}

const bs2Size = 5

type bs2Decoder struct{ in *Source }

func (d *bs2Decoder) Decode(dst []Raw) (int, error) {
	b, err := d.in.Records(bs2Size, len(dst))
	if err != nil {
		return 0, err
	}
	for i := range len(b) / bs2Size {
		e := b[i*bs2Size:]
		word := binary.BigEndian.Uint32(e[1:])
		dst[i] = Raw{Time: int64(word & 0x7fffff), X: int32(e[0]), Y: int32(e[1]), Polarity: int32(word >> 23 & 1)}
	}
	return len(b) / bs2Size, nil
}
