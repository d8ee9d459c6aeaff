//go:build !purego

package simd

import "golang.org/x/sys/cpu"

const assembly = AVX2

var (
	haveSIMD = cpu.X86.HasAVX2 && cpu.X86.HasFMA
	useSIMD  = haveSIMD
)

func setSIMD(on bool) { useSIMD = on }
