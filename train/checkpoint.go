package train

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/safetensors"
	"github.com/spikelane/spikelane/tensor"
)

// ErrCheckpoint is wrapped by errors about checkpoints that belong to another
// network or another way of training.
var ErrCheckpoint = errors.New("bad checkpoint")

// position is what a checkpoint holds beside numbers.
type position struct {
	Graph     string `json:"graph"` // fingerprint
	Optimiser string `json:"optimiser"`
	Step      int    `json:"step"`
	Epoch     int    `json:"epoch"`
	Place     int    `json:"place"`
	Steps     int    `json:"steps"`
}

const metadataKey = "spikelane.training"

func (t *Trainer) where() position {
	print := t.graph.Fingerprint()
	return position{hex.EncodeToString(print[:]), fmt.Sprintf("%T%+v", t.config.Optimiser, t.config.Optimiser), t.step, t.epoch, t.place, t.config.Steps}
}

// Checkpoint is everything that [Resume] needs to go on to the same bits: a
// safetensors file of the weights, what the optimiser remembers, and where the
// training is.
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
	return safetensors.Encode(tensors, map[string]string{metadataKey: string(text)})
}

// Resume is a trainer that goes on from a checkpoint. The model says the
// network, whatever its weights are. A checkpoint of another network, or of
// another optimiser, is an error.
func Resume(m *forward.Model, c Config, checkpoint []byte) (*Trainer, error) {
	f, err := safetensors.Read(checkpoint)
	if err != nil {
		return nil, err
	}
	var at position
	if err := json.Unmarshal([]byte(f.Metadata[metadataKey]), &at); err != nil {
		return nil, fmt.Errorf("train: %w: %w", ErrCheckpoint, err)
	}
	t, err := New(m, c)
	if err != nil {
		return nil, err
	}
	now := t.where()
	if at.Graph != now.Graph {
		return nil, fmt.Errorf("train: %w: it is of another network", ErrCheckpoint)
	}
	if at.Optimiser != now.Optimiser {
		return nil, fmt.Errorf("train: %w: its optimiser is %s, not %s", ErrCheckpoint, at.Optimiser, now.Optimiser)
	}
	if at.Step < 0 || at.Epoch < 0 || at.Place < 0 {
		return nil, fmt.Errorf("train: %w: step %d, epoch %d, sample %d", ErrCheckpoint, at.Step, at.Epoch, at.Place)
	}
	t.step, t.epoch, t.place = at.Step, at.Epoch, at.Place
	if t.config.Steps == 0 {
		t.config.Steps = at.Steps
	}
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
