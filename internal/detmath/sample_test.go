package detmath

import (
	"runtime"

	"github.com/spikelane/spikelane/internal/slowtest"
)

// sample returns n, or less where not all is wanted or an emulator may run it: the
// bits are the same there, see TestSameBits, and so is their accuracy.
func sample(n int) int {
	if runtime.GOARCH != "amd64" || !slowtest.Wanted() {
		return n / 20
	}
	return n
}
