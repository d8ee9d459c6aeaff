package hdf5

import (
	"errors"
	"fmt"
	"math/bits"
)

// verify compares the last four bytes of b with the checksum of those before.
func (f *file) verify(b []byte) error {
	end := len(b) - 4
	if end < 0 {
		return errors.New("no room for a checksum")
	}
	return f.compare(le.Uint32(b[end:]), b[:end])
}

func (f *file) compare(sum uint32, b []byte) error {
	if got := lookup3(b); got != sum && !f.unchecked {
		return fmt.Errorf("checksum is %08x, its bytes give %08x", sum, got)
	}
	return nil
}

// lookup3 is Bob Jenkins' hash of that name, with a seed of 0, which HDF5 keeps
// of its own structures (public domain, https://burtleburtle.net/bob/c/lookup3.c).
func lookup3(data []byte) uint32 {
	a := 0xdeadbeef + uint32(len(data))
	b, c := a, a
	if len(data) == 0 {
		return c
	}
	for ; len(data) > 12; data = data[12:] {
		a += le.Uint32(data)
		b += le.Uint32(data[4:])
		c += le.Uint32(data[8:])

		a = a - c ^ bits.RotateLeft32(c, 4)
		c += b
		b = b - a ^ bits.RotateLeft32(a, 6)
		a += c
		c = c - b ^ bits.RotateLeft32(b, 8)
		b += a
		a = a - c ^ bits.RotateLeft32(c, 16)
		c += b
		b = b - a ^ bits.RotateLeft32(a, 19)
		a += c
		c = c - b ^ bits.RotateLeft32(b, 4)
		b += a
	}
	var last [12]byte
	copy(last[:], data)
	a += le.Uint32(last[:])
	b += le.Uint32(last[4:])
	c += le.Uint32(last[8:])

	c = c ^ b - bits.RotateLeft32(b, 14)
	a = a ^ c - bits.RotateLeft32(c, 11)
	b = b ^ a - bits.RotateLeft32(a, 25)
	c = c ^ b - bits.RotateLeft32(b, 16)
	a = a ^ c - bits.RotateLeft32(c, 4)
	b = b ^ a - bits.RotateLeft32(a, 14)
	c = c ^ b - bits.RotateLeft32(b, 24)
	return c
}

// fletcher32 is the sum that HDF5's filter of that name keeps of a chunk: of
// words of two bytes, the high one first, modulo 65535.
func fletcher32(data []byte) uint32 {
	const run = 720 // bytes until the sums must be folded
	var low, high uint32
	for len(data) > 0 {
		part := data[:min(run, len(data))]
		data = data[len(part):]
		for ; len(part) > 1; part = part[2:] {
			low += uint32(part[0])<<8 | uint32(part[1])
			high += low
		}
		if len(part) == 1 {
			low += uint32(part[0]) << 8
			high += low
		}
		low, high = low&0xffff+low>>16, high&0xffff+high>>16
	}
	low, high = low&0xffff+low>>16, high&0xffff+high>>16
	return high<<16 | low
}
