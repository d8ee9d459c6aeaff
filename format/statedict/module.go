package statedict

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spikelane/spikelane/tensor"
)

// module is the tensors of a PyTorch module by the names they have within it.
type module struct {
	name    string
	tensors map[string]*tensor.Tensor
}

// modules are the modules of a state dict, in the order of their names.
func modules(tensors map[string]*tensor.Tensor) []*module {
	found := map[string]*module{}
	for _, name := range sorted(tensors) {
		owner, own := split(name, tensors)
		if found[owner] == nil {
			found[owner] = &module{owner, map[string]*tensor.Tensor{}}
		}
		found[owner].tensors[own] = tensors[name]
	}
	return slices.SortedFunc(maps.Values(found), func(a, b *module) int {
		return cmp.Or(slices.CompareFunc(words(a.name), words(b.name), word.compare), cmp.Compare(a.name, b.name))
	})
}

// split parts a name into the module's and the tensor's own. The recurrence of
// a snnTorch neuron, recurrent.weight, is part of the neuron.
func split(name string, tensors map[string]*tensor.Tensor) (owner, own string) {
	at := strings.LastIndexByte(name, '.')
	if outer, ok := strings.CutSuffix(name[:max(at, 0)], "recurrent"); ok && tensors[outer+"threshold"] != nil {
		at = len(outer) - 1
	}
	return name[:max(at, 0)], name[at+1:]
}

// full is the name of a tensor in the state dict.
func full(owner, own string) string {
	if owner == "" {
		return own
	}
	return owner + "." + own
}

// word is a run of digits in a name, or a run of other characters.
type word struct {
	text   string
	number int // -1 if the word is no number
}

func (w word) compare(o word) int {
	if w.number < 0 && o.number < 0 {
		return cmp.Compare(w.text, o.text)
	}
	return cmp.Compare(w.number, o.number)
}

func words(name string) []word {
	digit := func(c byte) bool { return '0' <= c && c <= '9' }
	var list []word
	for begin := 0; begin < len(name); {
		end := begin + 1
		for end < len(name) && digit(name[end]) == digit(name[begin]) {
			end++
		}
		w := word{name[begin:end], -1}
		if n, err := strconv.Atoi(w.text); err == nil {
			w.number = n
		}
		list = append(list, w)
		begin = end
	}
	return list
}

// ordered reports whether names differ in their numbers only, so that it is
// plain which comes first: lif1 and lif2, net.3 and net.10.
func ordered(list []*module) bool {
	first := words(list[0].name)
	for _, m := range list[1:] {
		if !slices.EqualFunc(first, words(m.name), func(a, b word) bool {
			return a.number >= 0 && b.number >= 0 || a.text == b.text
		}) {
			return false
		}
	}
	return true
}

// unwrapped are the tensors without what nn.DataParallel and torch.compile put
// before every name.
func unwrapped(tensors map[string]*tensor.Tensor) map[string]*tensor.Tensor {
	for _, wrapper := range []string{"module.", "_orig_mod."} {
		bare := map[string]*tensor.Tensor{}
		for name, t := range tensors {
			if own, ok := strings.CutPrefix(name, wrapper); ok {
				bare[own] = t
			}
		}
		if len(bare) == len(tensors) && len(bare) > 0 {
			return unwrapped(bare)
		}
	}
	return tensors
}

func sorted[T any](set map[string]T) []string { return slices.Sorted(maps.Keys(set)) }
