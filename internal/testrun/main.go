// Testrun runs tests as go test does, and says at the end, in one line, how many
// passed, failed and were skipped, and why:
//
//	go run ./internal/testrun               # all modules here
//	go run ./internal/testrun -short ./...  # flags and packages as of go test
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// event is what go test -json prints, one a line.
type event struct {
	Action, Package, Test, Output string
}

// tally is what came of all tests.
type tally struct {
	out            io.Writer
	passed, failed int
	skipped        map[string]int       // by the reason
	said           map[[2]string]string // what a test, or a package, has printed
}

func main() {
	args := os.Args[1:]
	if len(args) == 0 {
		args = []string{"work"}
	}
	cmd := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	cmd.Stderr = os.Stderr
	lines, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "testrun:", err)
		os.Exit(2)
	}
	t := &tally{out: os.Stdout, skipped: map[string]int{}, said: map[[2]string]string{}}
	t.read(lines)
	fmt.Println(t.line())
	if cmd.Wait() != nil {
		os.Exit(1)
	}
}

// read counts the events, and prints what packages say of themselves and what
// failed tests have said.
func (t *tally) read(lines io.Reader) {
	s := bufio.NewScanner(lines)
	s.Buffer(nil, 16<<20)
	for s.Scan() {
		var e event
		if json.Unmarshal(s.Bytes(), &e) != nil || e.Action == "" {
			fmt.Fprintln(t.out, s.Text())
			continue
		}
		t.count(e)
	}
}

func (t *tally) count(e event) {
	key := [2]string{e.Package, e.Test}
	switch e.Action {
	case "build-output":
		fmt.Fprint(t.out, e.Output)
	case "output":
		if e.Test == "" && isSummary(e.Output) {
			fmt.Fprint(t.out, e.Output)
			return
		}
		t.said[key] += e.Output
		return
	case "pass":
		if e.Test != "" {
			t.passed++
		}
	case "fail":
		if e.Test != "" {
			t.failed++
		}
		fmt.Fprint(t.out, t.said[key])
	case "skip":
		if e.Test != "" {
			t.skipped[reason(t.said[key])]++
		}
	default:
		return
	}
	delete(t.said, key)
}

// isSummary reports whether a line is what go test says of a package.
func isSummary(line string) bool {
	for _, word := range []string{"ok  \t", "FAIL\t", "?   \t"} {
		if strings.HasPrefix(line, word) {
			return true
		}
	}
	return false
}

// reason is why a test was skipped: what it said, without where, up to the first
// colon, behind which are the particulars.
func reason(said string) string {
	for line := range strings.Lines(said) {
		if _, text, ok := strings.Cut(line, ".go:"); ok {
			_, text, _ = strings.Cut(text, ": ")
			text, _, _ = strings.Cut(text, ":")
			return strings.TrimSpace(text)
		}
	}
	return "no reason given"
}

// line says it all.
func (t *tally) line() string {
	total, reasons := 0, []string{}
	for _, why := range slices.Sorted(maps.Keys(t.skipped)) {
		total += t.skipped[why]
		reasons = append(reasons, fmt.Sprintf("%d: %s", t.skipped[why], why))
	}
	line := fmt.Sprintf("tests and subtests: %d passed, %d failed, %d skipped", t.passed, t.failed, total)
	if total > 0 {
		line += " (" + strings.Join(reasons, "; ") + ")"
	}
	return line
}
