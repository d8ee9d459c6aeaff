//go:build !linux

package simd

import "testing"

// fence returns memory; only on Linux is there a fence around it.
func fence(t testing.TB, size int) []byte { return make([]byte, size) }
