package hdf5

// The kinds of messages in an object's header that are read.
const (
	spaceMessage        = 0x01
	linkInfoMessage     = 0x02
	typeMessage         = 0x03
	oldFillMessage      = 0x04
	fillMessage         = 0x05
	linkMessage         = 0x06
	externalMessage     = 0x07
	layoutMessage       = 0x08
	filterMessage       = 0x0b
	attributeMessage    = 0x0c
	continuationMessage = 0x10
	symbolTableMessage  = 0x11
	attributeInfo       = 0x15
	lastMessage         = 0x18 // the last kind that HDF5 2.0 knows
)

// Flags of a message.
const (
	sharedFlag    = 1 << 1 // its body says where the message is
	mustKnownFlag = 1 << 7 // who does not know the kind must not open the object
)

type message struct {
	kind  int
	flags int
	body  []byte
}

// header is what an object's header says, in any order.
type header []message

// find returns the first message of a kind; nil if there is none.
func (h header) find(kind int) *message {
	for i := range h {
		if h[i].kind == kind {
			return &h[i]
		}
	}
	return nil
}

// own returns a cursor on the message's body. A shared message, as the one of a
// committed datatype, has its body somewhere else.
func (m *message) own() (*cursor, error) {
	switch {
	case m.flags&sharedFlag == 0:
		return &cursor{b: m.body}, nil
	case m.kind == typeMessage:
		return nil, unsupported("committed datatype")
	}
	return nil, unsupported("shared message 0x%02x in an object header", m.kind)
}

// header reads the header of the object at an address.
func (f *file) header(address uint64) (header, error) {
	start, err := f.at(address, 4)
	if err != nil {
		return nil, err
	}
	if string(start) == "OHDR" {
		return f.newHeader(address)
	}
	return f.oldHeader(address)
}

// oldHeader reads a header of version 1: 16 bytes, then messages.
func (f *file) oldHeader(address uint64) (header, error) {
	prefix, err := f.at(address, 16)
	if err != nil {
		return nil, err
	}
	if prefix[0] != 1 {
		return nil, broken("no object header at %d", address)
	}
	part := func(address, n uint64) (*cursor, error) {
		b, err := f.at(address, n)
		return &cursor{b: b}, err
	}
	first, err := part(address+16, uint64(le.Uint32(prefix[8:])))
	if err != nil {
		return nil, err
	}
	return messages(first, 2, 3, part)
}

// newHeader reads a header of version 2, every part of which has a signature
// and a checksum.
func (f *file) newHeader(address uint64) (header, error) {
	prefix, err := f.at(address, 6)
	if err != nil {
		return nil, err
	}
	version, flags := prefix[4], prefix[5]
	if version != 2 {
		return nil, unsupported("object header version %d", version)
	}
	skip := 2
	if flags&(1<<5) != 0 {
		skip += 16 // times
	}
	if flags&(1<<4) != 0 {
		skip += 4 // when attributes move to a heap
	}
	width := 1 << (flags & 3)
	size, err := f.at(address+4+uint64(skip), uint64(width))
	if err != nil {
		return nil, err
	}
	n := (&cursor{b: size}).uint(width)
	if n > uint64(len(f.b)) {
		return nil, broken("object header of %d bytes at %d, the file has %d", n, address, len(f.b))
	}
	first, err := f.checked(address, 4+uint64(skip+width)+n+4, "OHDR")
	if err != nil {
		return nil, err
	}
	first.skip(skip + width)
	order := 0
	if flags&(1<<2) != 0 {
		order = 2 // messages tell their order of creation
	}
	return messages(first, 1, order, func(address, n uint64) (*cursor, error) {
		return f.checked(address, n, "OCHK")
	})
}

// messages reads the messages of the first part of a header, and of the parts
// that it says it continues in. Of a message there are its kind, of kindSize
// bytes, its size, its flags, some bytes to skip, and its body.
func messages(first *cursor, kindSize, skip int, part func(address, n uint64) (*cursor, error)) (header, error) {
	var h header
	for parts := []*cursor{first}; len(parts) > 0; parts = parts[1:] {
		// What is too short for a message is a gap.
		for c := parts[0]; len(c.b) >= kindSize+3+skip; {
			m := message{kind: int(c.uint(kindSize))}
			size := c.u16()
			m.flags = c.u8()
			c.skip(skip)
			m.body = c.bytes(size)
			if err := c.err("object header"); err != nil {
				return nil, err
			}
			switch {
			case m.kind == continuationMessage:
				at := &cursor{b: m.body}
				next, err := part(at.u64(), at.u64())
				if err != nil {
					return nil, err
				}
				parts = append(parts, next)
			case m.kind > lastMessage && m.flags&mustKnownFlag != 0:
				return nil, unsupported("message 0x%02x in an object header", m.kind)
			case m.kind != 0:
				h = append(h, m)
			}
		}
	}
	return h, nil
}
