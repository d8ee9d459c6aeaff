//go:build purego || !(amd64 || arm64)

package simd

// Constants, so that the compiler drops what cannot be reached.
const (
	assembly = Go
	haveSIMD = false
	useSIMD  = false
)

func setSIMD(bool) {}
