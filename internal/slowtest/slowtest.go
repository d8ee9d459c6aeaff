// Package slowtest marks tests that a change does not wait for: those that measure
// time, and sweeps that take long. They run where $SPIKELANE_SLOW is set, as
// .ci/run does.
package slowtest

import (
	"os"
	"testing"
)

// Wanted reports whether slow tests are to run.
func Wanted() bool { return os.Getenv("SPIKELANE_SLOW") != "" }

// Clock skips a test that depends on how fast the machine is just now.
func Clock(t testing.TB) {
	t.Helper()
	if !Wanted() {
		t.Skip("it measures time, and runs where SPIKELANE_SLOW is set")
	}
}

// Sweep skips a test that takes long and whose neighbors test the same in part.
func Sweep(t testing.TB) {
	t.Helper()
	if !Wanted() {
		t.Skip("it takes long, and runs where SPIKELANE_SLOW is set")
	}
}
