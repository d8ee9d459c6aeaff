package train

import (
	"fmt"
	"math"

	"github.com/spikelane/spikelane/snn"
)

// Zero is the option that means the number zero where 0 stands for a default.
// (It is the smallest number above it.)
const Zero float64 = math.SmallestNonzeroFloat64

// Num is an option that was computed: 0 is no default but [Zero].
func Num(v float64) float64 {
	if v == 0 {
		return Zero
	}
	return v
}

// or is the number that an option means, standard for the default.
func or(v, standard float64) float64 {
	switch v {
	case 0:
		return standard
	case Zero:
		return 0
	}
	return v
}

// span is what an option may be.
type span struct {
	low, high float64
	says      string
}

var (
	// amount has no upper bound in PyTorch and optax; above this one float32
	// overflows.
	amount = span{0, 1e30, "from 0 to 1e30"}
	share  = span{0, 1, "from 0 to 1"}
	// smoothing is below 1 as a float32, too: 1 would never take anything in.
	smoothing = span{0, 1 - 0x1p-24, "at least 0 and below 1"}
	// divisor is at least a normal float32: PyTorch allows 0, with which a
	// weight without a gradient becomes 0/0.
	divisor = span{0x1p-126, 1e30, "from 2^-126 to 1e30"}
	falling = span{0x1p-126, 1, "above 0 and at most 1"}
	any32   = span{-math.MaxFloat32, math.MaxFloat32, "finite as a float32"}
)

// check reports an option of somebody that is out of its range.
func (s span) check(owner, option string, v float64) error {
	if v >= s.low && v <= s.high {
		return nil
	}
	return fmt.Errorf("train: %s: %w: %s is %v; it is %s", owner, snn.ErrOption, option, v, s.says)
}

// least reports a whole number that is too small.
func least(owner, option string, v, low int) error {
	if v >= low {
		return nil
	}
	return fmt.Errorf("train: %s: %w: %s is %d; it is at least %d", owner, snn.ErrOption, option, v, low)
}

// firstOf is the first error that there is.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// check asks what can report its options out of range to do so.
func check(options any) error {
	if c, ok := options.(interface{ Check() error }); ok {
		return c.Check()
	}
	return nil
}
