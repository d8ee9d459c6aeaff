package neon_test

import (
	"encoding/binary"
	"fmt"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/arch/arm64/arm64asm"

	"github.com/spikelane/spikelane/asm/kernel"
	"github.com/spikelane/spikelane/asm/linear"
	"github.com/spikelane/spikelane/asm/neon"
)

var word = regexp.MustCompile(`WORD\s+\$0x([0-9a-f]{8}) // (.*)`)

// Every word that the generators write means what stands beside it.
func TestWordsDecode(t *testing.T) {
	files := [][]byte{linear.NEON()}
	for _, f := range kernel.Families() {
		files = append(files, neon.Kernels(f))
	}
	seen := map[string]int{}
	for _, text := range files {
		for _, m := range word.FindAllSubmatch(text, -1) {
			requireDecodes(t, string(m[1]), string(m[2]))
			seen[string(m[1])]++
		}
	}
	require.Greater(t, len(seen), 500)
}

// So does every encoding, with every register in each place.
func TestEncodings(t *testing.T) {
	f := neon.NewFile()
	f.Function("all", "")
	count := 0
	for r := range neon.V(32) {
		for _, e := range neon.Encodings {
			if e.Operands() == 3 {
				f.Three(e, r, 1, 2)
				f.Three(e, 3, r, 4)
				f.Three(e, 5, 6, r)
			} else {
				f.Two(e, r, 1)
				f.Two(e, 2, r)
			}
			count += e.Operands()
		}
	}
	f.End()
	words := word.FindAllSubmatch(f.Print("a test"), -1)
	require.Len(t, words, count)
	for _, m := range words {
		requireDecodes(t, string(m[1]), string(m[2]))
	}
}

func requireDecodes(t *testing.T, hex, arm string) {
	bits, err := strconv.ParseUint(hex, 16, 32)
	require.NoError(t, err)
	inst, err := arm64asm.Decode(binary.LittleEndian.AppendUint32(nil, uint32(bits)))
	require.NoError(t, err, "%s %s", hex, arm)
	require.Equal(t, arm, arm64asm.GNUSyntax(inst), fmt.Sprintf("0x%s", hex))
}
