package detmath

import "runtime"

// sample returns n, or less where the tests may run under an emulator: the
// bits are the same there, see TestSameBits, and so is their accuracy.
func sample(n int) int {
	if runtime.GOARCH != "amd64" {
		return n / 20
	}
	return n
}
