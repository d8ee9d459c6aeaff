package conform

import (
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/random"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// KnownHashes is the table of what every type of neuron makes of a fixed
// input, and of two small networks: a line has the name, how many outputs are
// not zero, and the hash of all.
//
//go:embed hashes.txt
var KnownHashes string

const (
	selfSteps  = 60
	selfBatch  = 2
	selfWidth  = 67 // no multiple of a vector or a word
	selfDigits = 32 // of a hash
)

// Self runs every entry of [KnownHashes] on this machine. It needs no files.
func Self() []Result {
	var results []Result
	for line := range strings.Lines(KnownHashes) {
		name, known, _ := strings.Cut(strings.TrimSpace(line), " ")
		r := Result{Case: "hash." + name}
		spikes, hash, err := selfHash(name)
		r.Spikes = spikes
		if got := fmt.Sprintf("%d %s", spikes, hash); err == nil && got != known {
			err = fmt.Errorf("spikes and hash are %s, not %s", got, known)
		}
		r.Err = err
		results = append(results, r)
	}
	return results
}

// Hashes makes the table: all registered layers that do anything to a row of
// numbers by themselves, then the networks.
func Hashes() string {
	var table strings.Builder
	for _, name := range append(snn.Types(), "mlp", "conv") {
		spikes, hash, err := selfHash(name)
		if errors.Is(err, errNotAlone) {
			continue
		}
		if err != nil {
			fmt.Fprintf(&table, "%s %v\n", name, err)
			continue
		}
		fmt.Fprintf(&table, "%s %d %s\n", name, spikes, hash)
	}
	return table.String()
}

// errNotAlone is of layers that have weights or want planes.
var errNotAlone = errors.New("the layer does not work alone")

// selfHash runs an entry.
func selfHash(name string) (spikes int, hash string, err error) {
	m, x, err := selfModel(name)
	if err != nil {
		return 0, "", err
	}
	s := m.NewState(selfBatch)
	h := sha256.New()
	var word [4]byte
	for t := range selfSteps {
		y, err := m.Step(s, tensor.Of(row(x, t, -1), append(tensor.Shape{1}, x.Shape[1:]...)...))
		if err != nil {
			return 0, "", err
		}
		for _, v := range y.Dense().Data {
			if v != 0 {
				spikes++
			}
			binary.LittleEndian.PutUint32(word[:], math.Float32bits(v))
			h.Write(word[:])
		}
	}
	return spikes, hex.EncodeToString(h.Sum(nil))[:selfDigits], nil
}

// selfModel builds the network of an entry, and its input.
func selfModel(name string) (*forward.Model, *tensor.Tensor, error) {
	spec := forward.Spec{Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{selfWidth}}}}
	lif := snn.LIF{Decay: 0.875}
	switch name {
	case "mlp":
		spec.Layers = []forward.Node{
			{Name: "linear0", Layer: snn.Linear{Out: 130}}, {Name: "lif0", Layer: lif},
			{Name: "linear1", Layer: snn.Linear{Out: 75}}, {Name: "lif1", Layer: lif},
		}
	case "conv":
		spec.Inputs[0].Shape = tensor.Shape{2, 13, 11}
		spec.Layers = []forward.Node{
			{Name: "conv0", Layer: snn.Conv2d{Out: 9, Kernel: snn.Size{3, 3}, Padding: snn.Size{1, 1}}}, {Name: "lif0", Layer: lif},
			{Name: "pool", Layer: snn.SumPool2d{Kernel: snn.Size{2, 2}}},
			{Name: "conv1", Layer: snn.Conv2d{Out: 5, Kernel: snn.Size{3, 3}}}, {Name: "lif1", Layer: lif},
		}
	default:
		l, err := snn.Unmarshal(name, nil)
		if err != nil {
			return nil, nil, err
		}
		plan, err := l.Build(spec.Inputs[0].Shape)
		if err != nil || len(plan.States) == 0 {
			return nil, nil, errNotAlone
		}
		spec.Layers = []forward.Node{{Name: "n", Layer: l}}
	}
	g, err := forward.New(spec)
	if err != nil {
		return nil, nil, err
	}
	x := tensor.New(append(tensor.Shape{selfSteps, selfBatch}, spec.Inputs[0].Shape...)...)
	// Neurons count in different units: currents of every size reach all.
	key, n := random.New(1, name), len(x.Data)/selfSteps
	for i := range x.Data {
		scale := float32(int(1) << (2 * (i % n % 5)))
		x.Data[i] = scale * (float32(key.Uniform(0, uint64(i/n), uint32(i%n))) - 0.25)
	}
	m, err := g.Init(1)
	return m, x, err
}
