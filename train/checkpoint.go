package train

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/spikelane/spikelane/format/safetensors"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/tensor"
)

// ErrCheckpoint is wrapped by errors about checkpoints that belong to another
// network or another way of training.
var ErrCheckpoint = errors.New("bad checkpoint")

// position is what a checkpoint holds beside numbers.
type position struct {
	Graph string `json:"graph"` // fingerprint
	Step  int    `json:"step"`
	Epoch int    `json:"epoch"`
	Place int    `json:"place"`
	Steps int    `json:"steps"`
	// Config and Plan are the settings; there is no plan before the first Fit.
	Config settings `json:"config"`
	Plan   settings `json:"plan,omitempty"`
}

// The keys of the metadata.
const (
	metadataKey = "spikelane.training"
	sumKey      = "spikelane.sha256"
)

func (t *Trainer) where() position {
	print := t.graph.Fingerprint()
	return position{hex.EncodeToString(print[:]), t.step, t.epoch, t.place, t.config.Steps, t.settings(), t.plan}
}

// Checkpoint is everything that [Resume] needs to go on to the same bits: a
// safetensors file of the weights, what the optimizer remembers, where the
// training is and its settings, with a checksum.
func (t *Trainer) Checkpoint() ([]byte, error) {
	text, err := json.Marshal(t.where())
	if err != nil {
		return nil, err
	}
	var tensors []safetensors.Named
	for _, name := range slices.Sorted(maps.Keys(t.weights)) {
		tensors = append(tensors, safetensors.Named{Name: "weight/" + name, Tensor: t.weights[name]})
	}
	for _, name := range t.names {
		for i, s := range t.slots[name] {
			tensors = append(tensors, safetensors.Named{Name: fmt.Sprintf("slot%d/%s", i, name), Tensor: tensor.Of(s, len(s))})
		}
	}
	return safetensors.EncodeSummed(tensors, map[string]string{metadataKey: string(text)}, sumKey)
}

// Resume is a trainer that goes on from a checkpoint. The model says the
// network, whatever its weights are. A checkpoint of another network, of other
// settings, or in which a bit has changed is an error; settings that belong to
// a [Plan] are compared by [Trainer.Fit].
func Resume(m *forward.Model, c Config, checkpoint []byte) (*Trainer, error) {
	f, at, err := readCheckpoint(checkpoint)
	if err != nil {
		return nil, err
	}
	t, err := New(m, c)
	if err != nil {
		return nil, err
	}
	if t.config.Steps == 0 {
		t.config.Steps = at.Steps
	}
	now := t.where()
	if at.Graph != now.Graph {
		return nil, fmt.Errorf("train: %w: it is of another network", ErrCheckpoint)
	}
	if err := at.Config.agree(now.Config); err != nil {
		return nil, err
	}
	if at.Step < 0 || at.Epoch < 0 || at.Place < 0 || at.Steps < 0 {
		return nil, fmt.Errorf("train: %w: step %d of %d, epoch %d, sample %d", ErrCheckpoint, at.Step, at.Steps, at.Epoch, at.Place)
	}
	t.step, t.epoch, t.place, t.plan, t.resumed = at.Step, at.Epoch, at.Place, at.Plan, true
	for name, w := range t.weights {
		if err := take(f, "weight/"+name, w.Data); err != nil {
			return nil, err
		}
	}
	for _, name := range t.names {
		for i, s := range t.slots[name] {
			if err := take(f, fmt.Sprintf("slot%d/%s", i, name), s); err != nil {
				return nil, err
			}
		}
	}
	t.model, err = t.graph.Load(t.weights)
	return t, err
}

// readCheckpoint checks that a checkpoint is whole.
func readCheckpoint(data []byte) (*safetensors.File, position, error) {
	var at position
	f, err := safetensors.Read(data)
	if err != nil {
		return nil, at, fmt.Errorf("train: %w: %w", ErrCheckpoint, err)
	}
	text, ok := f.Metadata[metadataKey]
	if !ok {
		return nil, at, fmt.Errorf("train: %w: no %s in its metadata", ErrCheckpoint, metadataKey)
	}
	if _, ok := f.Metadata[sumKey]; !ok {
		return nil, at, fmt.Errorf("train: %w: it has no checksum (%s), as those of older versions: go on with the version that wrote it, or train anew", ErrCheckpoint, sumKey)
	}
	if err := f.CheckSum(data, sumKey); err != nil {
		return nil, at, fmt.Errorf("train: %w: %w", ErrCheckpoint, err)
	}
	if err := json.Unmarshal([]byte(text), &at); err != nil {
		return nil, at, fmt.Errorf("train: %w: %w", ErrCheckpoint, err)
	}
	return f, at, nil
}

// follow takes over a plan, which must be that of the checkpoint where there
// was one.
func (t *Trainer) follow(p Plan, samples int) error {
	now := p.settings(samples)
	if t.resumed && t.plan != nil {
		if err := t.plan.agree(now); err != nil {
			return err
		}
	}
	t.plan, t.resumed = now, false
	return nil
}

// take reads numbers of a checkpoint.
func take(f *safetensors.File, name string, into []float32) error {
	x, err := f.Tensor(name)
	if err != nil {
		return fmt.Errorf("train: %w: %w", ErrCheckpoint, err)
	}
	if len(x.Data) != len(into) {
		return fmt.Errorf("train: %w: %s has %d numbers, not %d", ErrCheckpoint, name, len(x.Data), len(into))
	}
	copy(into, x.Data)
	return nil
}
