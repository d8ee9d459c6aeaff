package main

import (
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/spikelane/spikelane/bench/machine"
	"github.com/spikelane/spikelane/simd"
)

// table is markdown: a row for each work, with the time of ours and how many
// times that theirs takes.
func table(rows []row, isa, versions string) string {
	var b strings.Builder
	if isa == "avx2" {
		versions += ", held to AVX2"
	}
	fmt.Fprintf(&b, "Written by `go run ./bench/compare` on %s: %s; kernels %s. %s.\n\n", time.Now().UTC().Format("2006-01-02"), machine.String(), simd.Tier(), versions)
	names := frameworks(rows)
	b.WriteString("| work | threads | spikelane | fastest alternative |")
	for _, n := range names {
		b.WriteString(" " + n + " |")
	}
	b.WriteString("\n|---|---|---|---|" + strings.Repeat("---|", len(names)) + "\n")
	for _, r := range rows {
		best := r.fastest("")
		if best == nil {
			continue
		}
		fmt.Fprintf(&b, "| %s | %d | %s | **%.1f times**: %s, %s, %s |", r.name, r.threads, shown(best.Ours, r.unit), best.ratio(), best.Framework, best.Mode, shown(best.Theirs, r.unit))
		for _, n := range names {
			if f := r.fastest(n); f != nil {
				fmt.Fprintf(&b, " %.1f |", f.ratio())
			} else {
				b.WriteString(" |")
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func shown(d time.Duration, unit string) string {
	if unit == "us" {
		return fmt.Sprintf("%.3g us", float64(d.Nanoseconds())/1e3)
	}
	return fmt.Sprintf("%.3g ms", ms(d))
}

// versions are those of the frameworks.
func (o options) versions() string {
	const script = `
import importlib.metadata as m, platform
names = ["torch", "jax", "snnax", "jaxpike", "snntorch", "norse", "spikingjelly", "numpy"]
print(", ".join(["Python " + platform.python_version()] + [n + " " + m.version(n) for n in names if any(d.metadata["Name"].lower() == n for d in m.distributions())]))`
	out, err := exec.Command(o.Python, "-c", script).Output()
	if err != nil {
		return "versions unknown"
	}
	return strings.TrimSpace(string(out))
}
