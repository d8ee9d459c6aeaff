// Command asm writes the generated files of the packages simd and surrogate,
// and of the benchmarks: run it with go generate ./simd.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spikelane/spikelane/asm/avx2"
	"github.com/spikelane/spikelane/asm/gogen"
	"github.com/spikelane/spikelane/asm/kernel"
	"github.com/spikelane/spikelane/asm/limits"
	"github.com/spikelane/spikelane/asm/linear"
	"github.com/spikelane/spikelane/asm/neon"
)

func main() {
	root := flag.String("root", "..", "the root of the module")
	flag.Parse()
	for name, text := range generate() {
		if err := os.WriteFile(filepath.Join(*root, name), text, 0o644); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// generate returns every generated file by its path from the root.
func generate() map[string][]byte {
	files := map[string][]byte{}
	families, operations := kernel.Families(), kernel.Operations()
	for name, text := range gogen.Files(families, kernel.Specials(), operations) {
		files["simd/"+name] = text
	}
	for _, f := range families {
		files["simd/"+f.Name+"_amd64.s"] = avx2.Kernels(f)
		files["simd/"+f.Name+"_arm64.s"] = neon.Kernels(f)
	}
	files["simd/operations_amd64.s"] = avx2.Operations(operations)
	files["simd/operations_arm64.s"] = neon.Operations(operations)
	files["snn/kernels.go"] = gogen.Layers(kernel.Neurons(), kernel.Specials())
	files["snn/kernels_test.go"] = gogen.LayersTable(kernel.Neurons(), kernel.Specials())
	files["surrogate/functions.go"] = gogen.Surrogates(kernel.Surrogates)
	for name, text := range linear.Declarations() {
		files["simd/"+name] = text
	}
	files["simd/linear_amd64.s"] = linear.AVX2()
	files["simd/linear_arm64.s"] = linear.NEON()
	files["bench/kernels/table.go"] = gogen.Bench(families)
	for name, text := range limits.Declarations() {
		files["bench/limits/"+name] = text
	}
	files["bench/limits/limits_amd64.s"] = limits.AVX2()
	files["bench/limits/limits_arm64.s"] = limits.NEON()
	return files
}
