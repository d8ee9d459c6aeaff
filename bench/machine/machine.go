// Package machine says what figures were measured on.
package machine

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spikelane/spikelane/bench/limits"
)

// String names the processor, its caches, and the version of Go.
func String() string {
	name := runtime.GOARCH
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if m := regexp.MustCompile(`(?m)^model name\s*:\s*(.+)$`).FindSubmatch(text); m != nil {
			name = strings.TrimSpace(string(m[1]))
		}
		family := regexp.MustCompile(`(?m)^cpu family\s*:\s*(\d+)\nmodel\s*:\s*(\d+)$`).FindSubmatch(text)
		if family != nil {
			name += fmt.Sprintf(" (family %s, model %s)", family[1], family[2])
		}
	}
	c := limits.Caches()
	return fmt.Sprintf("%s, %d CPUs, caches %d KiB, %d KiB, %d KiB, %s/%s, %s",
		name, runtime.NumCPU(), c[0]>>10, c[1]>>10, c[2]>>10, runtime.GOOS, runtime.GOARCH, runtime.Version())
}

// Commit is the version of this build, if it is known.
func Commit() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				return s.Value[:12]
			}
		}
	}
	return "unknown"
}
