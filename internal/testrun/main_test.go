package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Skips are counted by their reason, failures show what they said, passing
// tests do not.
func TestTally(t *testing.T) {
	var out strings.Builder
	c := &tally{out: &out, skipped: map[string]int{}, said: map[[2]string]string{}}
	c.read(strings.NewReader(`{"Action":"start","Package":"p"}
{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:7: shared test data is missing: /x\n"}
{"Action":"skip","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestB","Output":"    b_test.go:9: shared test data is missing: /y\n"}
{"Action":"skip","Package":"p","Test":"TestB"}
{"Action":"output","Package":"p","Test":"TestC","Output":"quiet\n"}
{"Action":"pass","Package":"p","Test":"TestC"}
{"Action":"output","Package":"p","Test":"TestD","Output":"    d_test.go:3: 1 is not 2\n"}
{"Action":"fail","Package":"p","Test":"TestD"}
{"Action":"skip","Package":"p","Test":"TestE"}
{"Action":"output","Package":"p","Output":"FAIL\tp\t0.1s\n"}
{"Action":"fail","Package":"p"}
{"Action":"output","Package":"q","Output":"?   \tq\t[no test files]\n"}
{"Action":"skip","Package":"q"}
not JSON
`))
	require.Equal(t, "    d_test.go:3: 1 is not 2\nFAIL\tp\t0.1s\n?   \tq\t[no test files]\nnot JSON\n", out.String())
	require.Equal(t, "tests and subtests: 1 passed, 1 failed, 3 skipped (1: no reason given; 2: shared test data is missing)", c.line())
}
