package main

import (
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spikelane/spikelane/simd"
)

type info struct{}

// Run prints what a bug report needs.
func (info) Run() error {
	printf("spikelane  %s\n", version())
	printf("go         %s\n", runtime.Version())
	printf("platform   %s/%s, %d CPUs\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	printf("kernels    %s (of %s)\n", simd.Tier(), strings.Join(simd.Tiers(), ", "))
	return nil
}

// version is the module's, or the commit it was built from.
func version() string {
	b, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := b.Main.Version
	for _, s := range b.Settings {
		if s.Key == "vcs.revision" && (v == "" || v == "(devel)") {
			v = s.Value
		}
	}
	if v == "" {
		return "(devel)"
	}
	return v
}
