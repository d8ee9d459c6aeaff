// Command shares measures the machine's limits and every kernel's share of
// them, and prints markdown tables:
//
//	go run ./bench/shares
//
// The limit of a kernel is the longest of three times: to issue its operations,
// with all units busy; to do its divisions and roots; and to move the arrays
// that it reads and writes from where they are, measured by a stream of as many
// arrays that computes nothing.
package main

import (
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/spikelane/spikelane/bench/clock"
	"github.com/spikelane/spikelane/bench/kernels"
	"github.com/spikelane/spikelane/bench/limits"
	"github.com/spikelane/spikelane/bench/machine"
	"github.com/spikelane/spikelane/simd"
)

type options struct {
	Each time.Duration `default:"60ms" help:"How long to measure each figure."`
	Only string        `help:"Only kernels whose names contain this."`
	Long bool          `help:"Elementwise kernels at 4194304 numbers too."`
}

func main() {
	var o options
	kong.Parse(&o, kong.Description("What the machine can do, and every kernel's share of it."))
	if !limits.Available() {
		fmt.Println("There are no AVX2 or NEON kernels in this build.")
		return
	}
	r := report{o, limits.Measure(min(2, runtime.NumCPU()), o.Each), map[[3]int]time.Duration{}}
	r.machine()
	r.linear()
	r.elements(16384)
	if o.Long {
		r.elements(4194304)
	}
	r.neurons()
}

type report struct {
	options
	limits  limits.Limits
	streams map[[3]int]time.Duration
}

func (r *report) machine() {
	l := r.limits
	fmt.Printf("%s; kernels %s.\n\n", machine.String(), simd.Tier())
	fmt.Printf("| one core | FMA GFLOP/s | add | add and FMA, 10^9 numbers/s | div | sqrt | floor | compare | choose |\n|---|---|---|---|---|---|---|---|---|\n")
	fmt.Printf("| | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f |\n\n", 2*l.FMA, l.Add, l.Mixed, l.Div, l.Sqrt, l.Floor, l.Compare, l.Choose)
	fmt.Printf("| reads | GB/s, one core | %d cores |\n|---|---|---|\n", l.Levels[0].AllCores)
	for _, v := range l.Levels {
		fmt.Printf("| %s (%d KiB read) | %.1f | %.1f |\n", v.Name, v.Set>>10, v.Read, v.ReadAll)
	}
	fmt.Println()
}

func (r *report) wants(name string) bool { return strings.Contains(name, r.Only) }

// linear are the kernels scheduled by hand.
func (r *report) linear() {
	fmt.Printf("| sums of products | time | rate | limit | share |\n|---|---|---|---|---|\n")
	for _, k := range kernels.Scheduled() {
		if !r.wants(k.Name) {
			continue
		}
		d := float64(clock.Median(k.Work, r.Each).Nanoseconds())
		if k.Operations > 0 {
			fmt.Printf("| %s | %.1f us | %.1f GFLOP/s | FMA %.1f | %.0f %% |\n", k.Name, d/1e3, 2*k.Operations/d, 2*r.limits.FMA, 100*k.Operations/d/r.limits.FMA)
			continue
		}
		level := r.limits.Levels[r.limits.LevelOf(k.Set)]
		name, limit := "reads of "+level.Name, level.Read
		if k.Stores > 0 {
			name = fmt.Sprintf("%s, 2 read 1 written", level.Name)
			limit = float64(k.Set) / float64(r.stream(2, 1, k.Set).Nanoseconds())
		}
		rate := fmt.Sprintf("%.1f GB/s", k.Bytes/d)
		if k.Events > 0 {
			rate += fmt.Sprintf(", %.1f ns an event", d/k.Events)
		}
		fmt.Printf("| %s | %.1f us | %s | %s: %.1f | %.0f %% |\n", k.Name, d/1e3, rate, name, limit, 100*k.Bytes/d/limit)
	}
	fmt.Println()
}

// stream is the time to move as many arrays, measured once.
func (r *report) stream(reads, writes, set int) time.Duration {
	key := [3]int{reads, writes, set}
	d, ok := r.streams[key]
	if !ok {
		d = limits.NewStream(reads, writes, set).Time(r.Each)
		r.streams[key] = d
	}
	return d
}

func (r *report) elements(n int) {
	fmt.Printf("| elementwise, %d numbers | ns a number | GB/s | limit | share | times pure Go |\n|---|---|---|---|---|---|\n", n)
	for _, k := range kernels.Generated {
		if !k.OverTime && r.wants(k.Name) {
			r.row(k, k.Name, n, 1, true)
		}
	}
	fmt.Println()
}

func (r *report) neurons() {
	fmt.Printf("| neurons, 256 for 100 steps | ns a neuron and step | GB/s | limit | share | times pure Go |\n|---|---|---|---|---|---|\n")
	for _, k := range kernels.Generated {
		if !k.OverTime || !r.wants(k.Name) {
			continue
		}
		if k.Back {
			r.row(k, k.Name+", no sums", 256, 100, false)
			r.row(k, k.Name, 256, 100, true)
		} else {
			r.row(k, k.Name, 256, 100, false)
			r.row(k, k.Name+", traced", 256, 100, true)
		}
	}
	fmt.Println()
}

// row measures a kernel, its limit, and its twin in pure Go.
func (r *report) row(k kernels.Kernel, name string, n, steps int, optional bool) {
	work := k.Work(n, steps, optional)
	d := float64(clock.Median(work, r.Each).Nanoseconds())
	reads, writes := k.Streams(optional)
	all := float64(n * steps)
	bytes := 4 * all * float64(reads+writes)
	plain := k.Operations - k.Divisions - k.Roots - k.Floors - k.Comparisons - k.Choices
	issue := all * r.limits.Issue(float64(plain), float64(k.Floors), float64(k.Comparisons), float64(k.Choices))
	limit := "operations"
	if slow := all * (float64(k.Divisions)/r.limits.Div + float64(k.Roots)/r.limits.Sqrt); slow > issue {
		issue, limit = slow, "divisions and roots"
	}
	if reads+writes > 0 {
		set := int(bytes)
		moved := float64(r.stream(reads, writes, set).Nanoseconds())
		streams := float64(min(max(reads, 1), limits.MaxReads) + min(writes, limits.MaxWrites))
		moved *= float64(reads+writes) / streams // where there are more arrays than streams know
		if moved > issue {
			issue, limit = moved, fmt.Sprintf("%s, %d read %d written", r.limits.Levels[r.limits.LevelOf(set)].Name, reads, writes)
		}
	}
	tier := simd.Tier()
	slower := "-"
	if err := simd.Use(simd.Go); err == nil {
		twin := float64(clock.Median(work, r.Each/4).Nanoseconds())
		if err := simd.Use(tier); err != nil {
			panic(err)
		}
		slower = fmt.Sprintf("%.1f", twin/d)
	}
	fmt.Printf("| %s | %.3f | %.1f | %s | %.0f %% | %s |\n", name, d/all, bytes/d, limit, 100*issue/d, slower)
}
