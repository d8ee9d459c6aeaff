package statedict

import (
	"fmt"
	"os"
	"strings"

	"github.com/spikelane/spikelane/format/safetensors"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/atomicfile"
	"github.com/spikelane/spikelane/tensor"
)

// Read reads the tensors of a safetensors file, floats and integers, as
// float32: doubles are rounded, integers must be exact. The batches that batch
// norms have counted are left out.
func Read(data []byte) (map[string]*tensor.Tensor, error) {
	tensors, err := read(data)
	if err != nil {
		return nil, fmt.Errorf("statedict: %w", err)
	}
	return tensors, nil
}

// ReadFile reads a file as [Read] does. Errors name it.
func ReadFile(path string) (map[string]*tensor.Tensor, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("statedict: %w", err)
	}
	tensors, err := read(data)
	if err != nil {
		return nil, fmt.Errorf("statedict: %s: %w", path, err)
	}
	return tensors, nil
}

func read(data []byte) (map[string]*tensor.Tensor, error) {
	f, err := safetensors.Read(data)
	if err != nil {
		return nil, err
	}
	tensors := map[string]*tensor.Tensor{}
	for _, name := range f.Names() {
		if name == counter || strings.HasSuffix(name, "."+counter) {
			continue
		}
		e, _ := f.Entry(name)
		switch e.DType {
		case safetensors.DTypeF32, safetensors.DTypeF16, safetensors.DTypeBF16, safetensors.DTypeF64:
			tensors[name], err = f.Tensor(name)
		default:
			tensors[name], err = integers(f, name)
		}
		if err != nil {
			return nil, err
		}
	}
	return tensors, nil
}

func integers(f *safetensors.File, name string) (*tensor.Tensor, error) {
	whole, shape, err := f.Int64s(name)
	if err != nil {
		return nil, err
	}
	t := tensor.New(shape...)
	for i, v := range whole {
		const exact = 1 << 24
		if v < -exact || v > exact {
			return nil, fmt.Errorf("%w: tensor %.80q, element %d: %d is no float32", safetensors.ErrDType, name, i, v)
		}
		t.Data[i] = float32(v)
	}
	return t, nil
}

// WriteFile writes the state dict of a model as [Export] makes it, a
// safetensors file that safetensors.torch.load_file reads: all of it, or nothing.
// One of that name is replaced.
func WriteFile(path string, m *forward.Model, names Names) error {
	list, err := Export(m, names)
	if err != nil {
		return err
	}
	data, err := safetensors.Encode(list, nil)
	if err == nil {
		err = atomicfile.Write(path, data)
	}
	if err != nil {
		return fmt.Errorf("statedict: %w", err)
	}
	return nil
}
