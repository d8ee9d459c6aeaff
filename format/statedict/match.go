package statedict

import (
	"fmt"
	"slices"
	"strings"
)

// Names says which module of a state dict, by its name in PyTorch, is which
// layer of a graph, by its name here. What it does not say is found out.
type Names map[string]string

// Match is a module and the layer that it is.
type Match struct {
	Module, Layer string
	// By says why: "names" that were given, the same "name", the only one of
	// its "shape", or the "order" of layers of one shape.
	By string
}

// matcher finds out which module is which layer.
type matcher struct {
	units   []*unit
	modules []*module
	chosen  map[*unit]choice
	taken   map[*module]bool
}

// choice is the module that a layer is, and why.
type choice struct {
	*module
	by string
}

func match(units []*unit, modules []*module, names Names) (*matcher, error) {
	m := &matcher{units: units, modules: modules, chosen: map[*unit]choice{}, taken: map[*module]bool{}}
	err := m.byNames(names)
	if err == nil {
		err = m.bySameName()
	}
	if err == nil {
		err = m.byShape()
	}
	if err == nil {
		err = m.complete()
	}
	return m, err
}

// open reports whether a layer has no module yet.
func (m *matcher) open(u *unit) bool { return m.chosen[u].module == nil }

func (m *matcher) choose(u *unit, mod *module, by string) {
	m.chosen[u], m.taken[mod] = choice{mod, by}, true
}

// byNames follows what the caller says.
func (m *matcher) byNames(names Names) error {
	for _, name := range sorted(names) {
		i := slices.IndexFunc(m.modules, func(mod *module) bool { return mod.name == name })
		k := slices.IndexFunc(m.units, func(u *unit) bool { return u.name == names[name] })
		switch {
		case i < 0:
			return fmt.Errorf("%w: names: the state dict has no module %q", ErrMatch, name)
		case k < 0:
			return fmt.Errorf("%w: names: the graph has no layer %q with parameters", ErrMatch, names[name])
		case !m.open(m.units[k]):
			return fmt.Errorf("%w: names: two modules are the layer %q", ErrMatch, names[name])
		}
		if err := m.try(m.units[k], m.modules[i], "names"); err != nil {
			return err
		}
	}
	return nil
}

// bySameName takes layers that are called as modules are.
func (m *matcher) bySameName() error {
	for _, u := range m.units {
		for _, mod := range m.modules {
			if mod.name != u.name || !m.open(u) || m.taken[mod] {
				continue
			}
			if err := m.try(u, mod, "name"); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *matcher) try(u *unit, mod *module, by string) error {
	if err := u.fits(mod); err != nil {
		return fmt.Errorf("%w: the module %q cannot be the %s %q: %w", ErrMatch, mod.name, u.layer.Type(), u.name, err)
	}
	m.choose(u, mod, by)
	return nil
}

// byShape takes what fits in one way only, and as many modules as there are
// layers in their order, until nothing more fits.
func (m *matcher) byShape() error {
	fit := map[*unit][]*module{}
	for _, u := range m.units {
		for _, mod := range m.modules {
			if u.listed && u.fits(mod) == nil {
				fit[u] = append(fit[u], mod)
			}
		}
	}
	for {
		var open []*unit // in the order of the graph
		for _, u := range m.units {
			fit[u] = slices.DeleteFunc(fit[u], func(mod *module) bool { return m.taken[mod] })
			if m.open(u) && len(fit[u]) > 0 {
				open = append(open, u)
			}
		}
		if len(open) == 0 {
			return nil
		}
		if m.plain(open, fit) {
			continue
		}
		if err := m.inOrder(open, fit); err != nil {
			return err
		}
	}
}

// plain takes one pair without a choice, if there is one: a layer that needs a
// module, and one fits it; or a module that fits one layer.
func (m *matcher) plain(open []*unit, fit map[*unit][]*module) bool {
	readers := map[*module]int{}
	for _, u := range open {
		for _, mod := range fit[u] {
			readers[mod]++
		}
	}
	for _, u := range open {
		for _, mod := range fit[u] {
			if readers[mod] == 1 || len(fit[u]) == 1 && u.needs() {
				m.choose(u, mod, "shape")
				return true
			}
		}
	}
	return false
}

// inOrder takes the first of open, and all layers and modules that compete with
// it for one another.
func (m *matcher) inOrder(open []*unit, fit map[*unit][]*module) error {
	rivals, sought := map[*unit]bool{open[0]: true}, map[*module]bool{}
	for before := -1; before < len(rivals)+len(sought); {
		before = len(rivals) + len(sought)
		for _, u := range open {
			if !rivals[u] && !slices.ContainsFunc(fit[u], func(mod *module) bool { return sought[mod] }) {
				continue
			}
			rivals[u] = true
			for _, mod := range fit[u] {
				sought[mod] = true
			}
		}
	}
	group := slices.DeleteFunc(slices.Clone(open), func(u *unit) bool { return !rivals[u] })
	list := slices.DeleteFunc(slices.Clone(m.modules), func(mod *module) bool { return !sought[mod] })
	plain := len(group) == len(list) && ordered(list)
	for i := 0; plain && i < len(group); i++ {
		plain = slices.Contains(fit[group[i]], list[i])
	}
	if !plain {
		return fmt.Errorf("%w: it is not plain which of the modules %s is which of the layers %s: say it in names",
			ErrMatch, quoted(list, func(mod *module) string { return mod.name }), quoted(group, func(u *unit) string { return u.name }))
	}
	for i, u := range group {
		m.choose(u, list[i], "order")
	}
	return nil
}

// complete reports tensors that are not used and layers that have none.
func (m *matcher) complete() error {
	var left []*module
	var empty []*unit
	var problems []string
	for _, mod := range m.modules {
		if m.taken[mod] {
			continue
		}
		left = append(left, mod)
		for _, own := range sorted(mod.tensors) {
			problems = append(problems, fmt.Sprintf("no layer uses %s", full(mod.name, own)))
		}
	}
	for _, u := range m.units {
		if !m.open(u) || !u.needs() {
			continue
		}
		empty = append(empty, u)
		for _, e := range u.entries {
			if e.needed() {
				problems = append(problems, fmt.Sprintf("nothing is the %s of the %s %q", e.foreign, u.layer.Type(), u.name))
			}
		}
	}
	if len(problems) == 0 {
		return nil
	}
	if len(left) == 1 && len(empty) == 1 {
		problems = append(problems, fmt.Sprintf("the module %q is not %q: %v", left[0].name, empty[0].name, empty[0].fits(left[0])))
	}
	return fmt.Errorf("%w: %s", ErrMatch, strings.Join(problems, "; "))
}

func quoted[T any](list []T, name func(T) string) string {
	var names []string
	for _, v := range list {
		names = append(names, fmt.Sprintf("%q", name(v)))
	}
	return strings.Join(names, ", ")
}
