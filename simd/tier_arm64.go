//go:build !purego

package simd

const assembly = NEON

// Every arm64 has NEON.
const haveSIMD = true

var useSIMD = haveSIMD

func setSIMD(on bool) { useSIMD = on }
