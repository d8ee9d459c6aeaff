package conform

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spikelane/spikelane/internal/neurons"
	"github.com/spikelane/spikelane/snn"
)

// KnownHashes is the table of what neurons and small networks make of a fixed
// input. A line has a name, how many of the numbers are not zero, and the hash
// of all. The names are those of layer types, mlp and conv, and kernel.NAME for
// a neuron with each of the kernels: the outputs. gradient.NAME are, of a fixed
// gradient of those outputs, the gradients of the inputs and of every
// parameter. text.NAME are outputs and gradients of the same kernel as text.
//
//go:embed hashes.txt
var KnownHashes string

// Self runs every entry of [KnownHashes] on this machine. It needs no files.
func Self() []Result {
	var results []Result
	known := map[string]string{}
	for line := range strings.Lines(KnownHashes) {
		name, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		known[name] = rest
	}
	for _, e := range entries() {
		counts, hash, err := e.run()
		if errors.Is(err, errNotAlone) {
			continue
		}
		r := Result{Case: "hash." + e.name, Counts: counts, Err: err}
		if got := e.found(counts, hash); err == nil && got != known[e.name] {
			r.Err = fmt.Errorf("how many are not zero, and their hash, are %s, not %s", got, known[e.name])
		}
		results = append(results, r)
		delete(known, e.name)
	}
	for name := range known {
		results = append(results, Result{Case: "hash." + name, Err: errors.New("nothing here makes this entry of the table")})
	}
	return results
}

// Hashes makes the table.
func Hashes() string {
	var table strings.Builder
	for _, e := range entries() {
		counts, hash, err := e.run()
		switch {
		case errors.Is(err, errNotAlone):
		case err != nil:
			fmt.Fprintf(&table, "%s %v\n", e.name, err)
		default:
			fmt.Fprintf(&table, "%s %s\n", e.name, e.found(counts, hash))
		}
	}
	return table.String()
}

// errNotAlone is of layers that have weights or want planes.
var errNotAlone = errors.New("the layer does not work alone")

// entry is a row of the table.
type entry struct {
	name string
	run  func() (Counts, string, error)
}

// found is what a row says after its name.
func (e entry) found(c Counts, hash string) string {
	return fmt.Sprintf("%d %s", c.Spikes+c.Gradients, hash)
}

// entries are the networks forward, the same back, and neurons as text.
func entries() []entry {
	nets := selfNetworks()
	var forth, back, texts []entry
	for _, n := range nets {
		forth = append(forth, entry{n.name, n.outputs})
		back = append(back, entry{"gradient." + n.name, n.gradients})
		if name, ok := strings.CutPrefix(n.name, "kernel."); ok {
			texts = append(texts, entry{"text." + name, n.asText})
		}
	}
	return slices.Concat(forth, back, texts)
}

// selfNetworks are all registered layers that do anything to a row of numbers by
// themselves, two small networks, and a neuron with each kernel.
func selfNetworks() []selfNetwork {
	var all []selfNetwork
	for _, typ := range snn.Types() {
		l, err := snn.Unmarshal(typ, nil)
		if err != nil {
			panic("conform: a registered type cannot be made: " + err.Error())
		}
		all = append(all, alone(typ, l))
	}
	all = append(all, selfMLP(), selfConv())
	for _, n := range neurons.All() {
		all = append(all, alone("kernel."+strings.NewReplacer(", ", ".", " ", "_").Replace(n.Name), n.Layer))
	}
	return all
}
