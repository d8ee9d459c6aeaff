// Command compare runs spikelane and the Python frameworks on the same work, in
// turn, and writes a markdown table of medians and ratios:
//
//	go run ./bench/compare --python venv/bin/python --into README.md
//
// bench/peers/requirements.txt lists what the interpreter needs. Every mode of
// a framework is measured against spikelane by itself: one run of theirs, one of
// ours, and so on, so that a slow minute of the machine slows both. The ratio is
// that of the medians.
package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/spikelane/spikelane/bench/clock"
	"github.com/spikelane/spikelane/bench/work"
	"github.com/spikelane/spikelane/format/npy"
)

type options struct {
	Python     string        `default:"python3" help:"An interpreter with the frameworks."`
	Peers      string        `default:"bench/peers" type:"existingdir" help:"Where their scripts are."`
	Frameworks []string      `default:"torch_ideal,jax_ideal,snnax_bench,jaxpike_bench,snntorch_bench,norse_bench,spikingjelly_bench" help:"Their scripts."`
	Only       string        `help:"Only work whose name matches."`
	Threads    int           `default:"2" help:"Threads of theirs, workers of ours."`
	ISA        string        `name:"isa" enum:"any,avx2" default:"any" help:"What the frameworks may use: all that the processor has, or AVX2, as spikelane does."`
	All        bool          `help:"Modes too that have never been the fastest."`
	Each       time.Duration `default:"600ms" help:"How long to run each mode at the least."`
	Log        string        `help:"A file for what the frameworks complain about, and every figure."`
	Results    string        `help:"A file that keeps results: work that is measured now replaces what it says of it, and the table shows all."`
	Into       string        `help:"A file to write the table into, between two comments that say compare."`
}

func main() {
	var o options
	kong.Parse(&o, kong.Description("Runs spikelane and the Python frameworks on the same work, in turn."))
	if err := o.run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func (o options) run() error {
	only, err := regexp.Compile(o.Only)
	if err != nil {
		return err
	}
	var log io.Writer = io.Discard
	if o.Log != "" {
		f, err := os.Create(o.Log)
		if err != nil {
			return err
		}
		defer f.Close()
		log = f
	}
	kept := results{}
	if o.Results != "" {
		if kept, err = readResults(o.Results); err != nil {
			return err
		}
	}
	all := comparisons(o.Threads)
	for _, group := range grouped(all, only) {
		some, err := o.compare(group, log)
		if err != nil {
			return err
		}
		for _, r := range some {
			kept[r.key()] = r.results
		}
		if o.Results != "" {
			if err := kept.write(o.Results); err != nil {
				return err
			}
		}
	}
	text := table(kept.rows(all), o.ISA, o.versions())
	fmt.Print(text)
	if o.Into == "" {
		return nil
	}
	return insert(o.Into, text)
}

// row is a comparison and what came out.
type row struct {
	comparison
	results []result
}

// fastest is the mode of a framework, or of all, that takes the least time; nil
// if there is none.
func (r row) fastest(framework string) *result {
	var best *result
	for i := range r.results {
		if c := &r.results[i]; (framework == "" || c.Framework == framework) && (best == nil || c.Theirs < best.Theirs) {
			best = c
		}
	}
	return best
}

// grouped are the comparisons that are wanted; those with the same work of the
// others stand together.
func grouped(list []comparison, only *regexp.Regexp) [][]comparison {
	var groups [][]comparison
	for _, c := range list {
		if !only.MatchString(c.name) {
			continue
		}
		if last := len(groups) - 1; last >= 0 && groups[last][0].sameOthers(c) {
			groups[last] = append(groups[last], c)
		} else {
			groups = append(groups, []comparison{c})
		}
	}
	return groups
}

// compare runs one work of the others, and some of ours.
func (o options) compare(group []comparison, log io.Writer) ([]row, error) {
	c := group[0]
	rows, native := make([]row, len(group)), make([]*work.Work, len(group))
	for i, c := range group {
		fmt.Fprintf(os.Stderr, "%s, %d threads\n", c.name, c.threads)
		rows[i].comparison = c
		var err error
		if native[i], err = c.prepare(); err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
	}
	skip := c.skip
	if !o.All {
		skip = strings.TrimPrefix(skip+"|"+slow, "|")
	}
	input, remove, err := c.save()
	if err != nil {
		return nil, err
	}
	defer remove()
	names := scripts[c.workload]
	if names == nil {
		names = o.Frameworks
	}
	for _, script := range names {
		p, err := start(o.Python, filepath.Join(o.Peers, script+".py"), o.ISA, c, skip, input, log)
		if err != nil {
			return nil, err
		}
		for {
			foreign, err := p.next()
			if err != nil { // the others' crashes are theirs
				fmt.Fprintf(os.Stderr, "  %s: %v\n", script, err)
				break
			}
			if foreign == nil {
				break
			}
			if foreign.Failed != "" {
				fmt.Fprintf(os.Stderr, "  %-14s %-34s failed: %s\n", foreign.Framework, foreign.Mode, foreign.Failed)
				continue
			}
			if err := c.same(native[0], *foreign); err != nil {
				return nil, err
			}
			found, err := o.alternate(native, p, *foreign)
			if err != nil {
				fmt.Fprintf(os.Stderr, "  %s, %s: %v\n", script, foreign.Mode, err)
				break
			}
			for i, res := range found {
				line := fmt.Sprintf("  %-14s %-34s %10.3f ms, ours %9.3f ms: %6.2f times; %d MiB; %s", foreign.Framework, foreign.Mode,
					ms(res.Theirs), ms(res.Ours), res.ratio(), res.Memory>>10, foreign.Notes)
				fmt.Fprintln(os.Stderr, line)
				fmt.Fprintf(log, "%s, %d threads: %s\n", rows[i].name, c.threads, line)
				rows[i].results = append(rows[i].results, res)
			}
		}
	}
	return rows, nil
}

// save writes the input that the others get, if it is ours, into a file of its
// own.
func (c comparison) save() (path string, remove func(), err error) {
	if c.input == nil {
		return "", func() {}, nil
	}
	dir, err := os.MkdirTemp("", "compare")
	if err != nil {
		return "", nil, err
	}
	path = filepath.Join(dir, "currents.npy")
	if err := npy.WriteFile(path, npy.FromTensor(c.input())); err != nil {
		os.RemoveAll(dir)
		return "", nil, err
	}
	return path, func() { os.RemoveAll(dir) }, nil
}

// same is an error if ours and theirs, on one input, do not fire as often: they
// do not do the same work.
func (c comparison) same(native *work.Work, foreign cell) error {
	if c.input == nil || native.Spikes == foreign.Spikes {
		return nil
	}
	return fmt.Errorf("compare: %s: on the same input %s, %s, fires %d times, ours %d times: these are not the same equations",
		c.name, foreign.Framework, foreign.Mode, foreign.Spikes, native.Spikes)
}

func ms(d time.Duration) float64 { return d.Seconds() * 1e3 }

// alternate runs theirs and ours in turn, at least five times each, or three
// where a run takes seconds. Short work is repeated until it takes some 20 ms,
// after a run that is not timed: caches forget while others run.
func (o options) alternate(native []*work.Work, p *peer, c cell) ([]result, error) {
	first, memory, err := p.run(1)
	if err != nil {
		return nil, err
	}
	inTheirs, inOurs := repeats(first*time.Duration(c.Parts)), make([]int, len(native))
	for i, w := range native {
		d, err := own(w, 1)
		if err != nil {
			return nil, err
		}
		inOurs[i] = repeats(d * time.Duration(w.Per))
	}
	var foreign []time.Duration
	mine := make([][]time.Duration, len(native))
	for begin := time.Now(); len(foreign) < 5 || time.Since(begin) < o.Each; {
		time.Sleep(20 * time.Millisecond) // threads that wait for more work go to sleep
		var d time.Duration
		if d, memory, err = p.run(inTheirs); err != nil {
			return nil, err
		}
		foreign = append(foreign, d)
		time.Sleep(20 * time.Millisecond)
		for i, w := range native {
			if d, err = own(w, inOurs[i]); err != nil {
				return nil, err
			}
			mine[i] = append(mine[i], d)
		}
		if len(foreign) >= 3 && time.Since(begin) > 8*time.Second {
			break
		}
	}
	var list []result
	for i := range native {
		list = append(list, result{c, clock.Of(foreign), clock.Of(mine[i]), memory})
	}
	return list, p.done()
}

// repeats is how often work that takes so long is repeated.
func repeats(d time.Duration) int {
	return max(1, int(20*time.Millisecond/max(d, time.Microsecond)))
}

// own times n runs of our work, after one more if n is not 1.
func own(w *work.Work, n int) (time.Duration, error) {
	if n > 1 {
		if err := w.Run(); err != nil {
			return 0, err
		}
	}
	start := time.Now()
	for range n {
		if err := w.Run(); err != nil {
			return 0, err
		}
	}
	return time.Since(start) / time.Duration(n*w.Per), nil
}

// insert puts the text between the comments of a file.
func insert(file, text string) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	const begin, end = "<!-- compare -->\n", "<!-- end of compare -->"
	before, rest, ok := strings.Cut(string(old), begin)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		return fmt.Errorf("compare: %s has no place for the table", file)
	}
	return os.WriteFile(file, []byte(before+begin+text+end+after), 0o644)
}

// frameworks are the columns: those that did some work.
func frameworks(rows []row) []string {
	var names []string
	for _, r := range rows {
		for _, c := range r.results {
			if !slices.Contains(names, c.Framework) {
				names = append(names, c.Framework)
			}
		}
	}
	return names
}
