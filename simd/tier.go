package simd

import "fmt"

// Which kernels are in use.
const (
	Go   = "go"   // pure Go
	AVX2 = "avx2" // AVX2 and FMA, on amd64
	NEON = "neon" // on arm64
)

// Tier names the kernels in use: [Go], [AVX2] or [NEON].
func Tier() string {
	if useSIMD {
		return assembly
	}
	return Go
}

// Tiers lists what this machine and build can use, the fastest last.
func Tiers() []string {
	if haveSIMD {
		return []string{Go, assembly}
	}
	return []string{Go}
}

// Use selects a tier, for tests and comparisons. It must not be called while
// kernels run. A tier that the machine or the build lacks is an error.
func Use(tier string) error {
	for _, t := range Tiers() {
		if t == tier {
			setSIMD(tier != Go)
			return nil
		}
	}
	return fmt.Errorf("simd: this machine or build has no tier %q", tier)
}
