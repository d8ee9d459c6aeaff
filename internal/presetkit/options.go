package presetkit

import (
	"fmt"

	"github.com/spikelane/spikelane/snn"
)

// Refuse is an error if a choice of options is bad: one of them would be
// dropped.
func Refuse(bad bool, what string) error {
	if bad {
		return fmt.Errorf("%w: %s", snn.ErrOption, what)
	}
	return nil
}
