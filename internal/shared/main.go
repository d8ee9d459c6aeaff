package shared

import (
	"fmt"
	"os"
	"sync/atomic"
	"testing"
)

// skipped counts the tests for which [Path] found nothing.
var skipped atomic.Int64

// Main runs the tests of a package and says how many of them were skipped for
// want of shared data. It is called by TestMain. (go test shows what a package
// that passes says with -v, or when it runs in the package's folder.)
func Main(m *testing.M) {
	code := m.Run()
	if n := skipped.Load(); n > 0 {
		fmt.Printf("%d tests skipped: their data is not in %s\n", n, missing.Load())
	}
	os.Exit(code)
}

// missing is the folder that was not there.
var missing atomic.Value
