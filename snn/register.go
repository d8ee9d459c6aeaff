package snn

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
)

var registry = struct {
	sync.RWMutex
	types map[string]reflect.Type
}{types: map[string]reflect.Type{}}

func init() {
	for _, l := range []Layer{
		Linear{}, Conv2d{}, SumPool2d{}, AvgPool2d{}, MaxPool2d{}, Flatten{}, LI{}, LIF{}, IF{}, Synapse{},
		ALIF{}, AdaptiveLIF{}, Alpha{}, SigmaDelta{}, SpikeResponse{}, Izhikevich{}, QIF{}, EIF{}, ResonateFire{},
		Conv1d{}, SumPool1d{}, AvgPool1d{}, MaxPool1d{}, BatchNorm{}, LayerNorm{}, Scale{}, Dropout{}, Delay{}, Identity{}, SpikeCounter{}, Equations{},
	} {
		Register(l)
	}
}

// Register makes a type of layer known to model files: [Unmarshal] makes a
// value of the type of prototype, a struct whose exported fields are its
// options. It panics if the name is taken by another type.
func Register(prototype Layer) {
	t := reflect.TypeOf(prototype)
	registry.Lock()
	defer registry.Unlock()
	if old, ok := registry.types[prototype.Type()]; ok && old != t {
		panic(fmt.Sprintf("snn: the layer type %q is registered twice", prototype.Type()))
	}
	registry.types[prototype.Type()] = t
}

// Types lists the registered types in the order of the alphabet.
func Types() []string {
	registry.RLock()
	defer registry.RUnlock()
	return slices.Sorted(maps.Keys(registry.types))
}

// Unmarshal makes a layer of its type and its options in JSON. An unknown type
// or option is an error; options of this package's layers may have the names
// that they had before they were given the field's.
func Unmarshal(typ string, options []byte) (Layer, error) {
	registry.RLock()
	t, ok := registry.types[typ]
	registry.RUnlock()
	if !ok {
		return nil, fmt.Errorf("%w: no layer has the type %q%s", ErrOption, typ, whoHas(typ))
	}
	v := reflect.New(t)
	if len(options) > 0 {
		if t.PkgPath() == reflect.TypeFor[LIF]().PkgPath() {
			options = renamed(options)
		}
		d := json.NewDecoder(bytes.NewReader(options))
		d.DisallowUnknownFields()
		if err := d.Decode(v.Interface()); err != nil {
			return nil, fmt.Errorf("%w: %s: %w", ErrOption, typ, err)
		}
	}
	return v.Elem().Interface().(Layer), nil
}

// formerNames are options under the names that files of before have them by.
var formerNames = map[string]string{"normalised": "normalized", "several": "multi_spike", "most": "max_spikes"}

// renamed is options under the names that they have now; those that are no JSON
// are as they were.
func renamed(options []byte) []byte {
	var object map[string]json.RawMessage
	if json.Unmarshal(options, &object) != nil {
		return options
	}
	changed := false
	for former, name := range formerNames {
		value, there := object[former]
		if _, both := object[name]; there && !both {
			object[name] = value
			delete(object, former)
			changed = true
		}
	}
	if synapse, ok := object["synapse"]; ok {
		object["synapse"] = renamed(synapse)
		changed = changed || !bytes.Equal(synapse, object["synapse"])
	}
	if !changed {
		return options
	}
	text, err := json.Marshal(object)
	if err != nil {
		return options
	}
	return text
}

// presets are the packages that register types by names with their own before
// a dot.
var presets = []string{"jaxpike", "lava", "mlgenn", "norse", "rockpool", "sinabs", "slax", "snnax", "snntorch", "spikingjelly", "spyx"}

// whoHas says which package a program must import to know a type.
func whoHas(typ string) string {
	preset, _, dotted := strings.Cut(typ, ".")
	if !dotted || !slices.Contains(presets, preset) {
		return ""
	}
	const path = "github.com/spikelane/spikelane/preset/"
	return fmt.Sprintf(" (those of %s are known to programs that import %q, or %q for all presets)", preset, path+preset, path+"all")
}
