package equation

import (
	"slices"
	"strings"
)

// Declaration says what the names of a text are that the text itself does not
// set, and which of those that it sets are more than steps on the way.
type Declaration struct {
	// Inputs are what arrives at every step; nil is x alone.
	Inputs []string
	// Params are numbers that stay the same from step to step.
	Params []string
	// States are what is remembered from step to step. nil leaves it to the text:
	// every name that is read before it is set.
	States []string
	// Outputs are what is sent; nil is spike alone. A truth value is sent as
	// spikes, a number as it is.
	Outputs []string
	// Keep are names that may be set without being used, because somebody records
	// them.
	Keep []string
}

// Declaration is the one with which [Parse] reads [Kernel.Text].
func (k *Kernel) Declaration() Declaration {
	d := Declaration{Inputs: []string{}, Params: []string{}, States: []string{}, Outputs: []string{}}
	for _, a := range k.Args() {
		switch a.Kind {
		case ArgInput, ArgBitsIn:
			d.Inputs = append(d.Inputs, a.Name)
		case ArgParam:
			d.Params = append(d.Params, a.Name)
		case ArgState:
			d.States = append(d.States, a.Name)
		case ArgOutput, ArgBitsOut:
			d.Outputs = append(d.Outputs, strings.TrimSuffix(a.Name, SentOf("")))
		}
	}
	return d
}

// SentOf is the name of the output that is the state of the name.
func SentOf(state string) string { return state + ".sent" }

// role is what a name is.
type role uint8

const (
	roleValue role = iota // set by the text
	roleInput
	roleParam
	roleState
)

func (r role) String() string {
	return [...]string{"value", "input", "parameter", "state"}[r]
}

// variable is a name of a text.
type variable struct {
	name     string
	role     role
	declared bool // and may be called like a function
	output   bool
	kept     bool
	at       place // where it is set; nowhere if it never is
	isSet    bool  // by now
	read     bool  // by now
	// value is what reading it gives: of a state, before it is set, what the last
	// step left.
	value value
}

// scope are the names of a text, in the order in which they came up.
type scope struct {
	named  map[string]*variable
	order  []*variable
	states int
}

func newScope(d Declaration) *scope {
	s := &scope{named: map[string]*variable{}}
	inputs, outputs := d.Inputs, d.Outputs
	if inputs == nil {
		inputs = []string{"x"}
	}
	if outputs == nil {
		outputs = []string{"spike"}
	}
	if len(outputs) == 0 {
		nowhere.fail("nothing is sent: Outputs is empty, and nil would be spike alone")
	}
	for _, name := range inputs {
		s.declare(name, roleInput)
	}
	for _, name := range d.Params {
		s.declare(name, roleParam)
	}
	for _, name := range d.States {
		s.declare(name, roleState)
	}
	for _, name := range outputs {
		if v := s.named[name]; v != nil && v.role == roleState && !v.output {
			v.output = true
			continue
		}
		s.declare(name, roleValue).output = true
	}
	for _, name := range d.Keep {
		s.keep(name)
	}
	return s
}

// declare adds a declared name.
func (s *scope) declare(name string, r role) *variable {
	what := r.String()
	if r == roleValue {
		what = "output"
	}
	if wrong := wrongName(name); wrong != "" {
		nowhere.fail("the name of the %s %s %s", what, quote(name), wrong)
	}
	if v, ok := s.named[name]; ok {
		was := v.role.String()
		if v.role == roleValue {
			was = "output"
		}
		if was == what {
			nowhere.fail("the %s %s is declared twice", what, quote(name))
		}
		nowhere.fail("%s is declared as %s and as %s: every name is one thing", quote(name), was, what)
	}
	v := &variable{name: name, role: r, declared: true}
	s.add(v)
	s.count(v, nowhere)
	return v
}

func (s *scope) add(v *variable) {
	s.named[v.name] = v
	s.order = append(s.order, v)
}

// keep marks a name that may be set in vain.
func (s *scope) keep(name string) {
	v, ok := s.named[name]
	if !ok {
		v = &variable{name: name}
		s.add(v)
	}
	if v.role == roleInput || v.role == roleParam {
		nowhere.fail("%s is declared as %s and is to be kept: what is kept is set by the text", quote(name), v.role)
	}
	v.kept = true
}

// count bounds how many states there are.
func (s *scope) count(v *variable, at place) {
	if v.role == roleState {
		if s.states++; s.states > maxStates {
			at.fail("%s is one state too many: %d are allowed", quote(v.name), maxStates)
		}
	}
}

// nearest is a name that somebody who wrote name may have meant, or "".
func (s *scope) nearest(name string) string {
	var names []string
	for _, v := range s.order {
		if v.role != roleValue || v.at != nowhere {
			names = append(names, v.name)
		}
	}
	return nearest(name, names)
}

// nearest is the name that the fewest changes of a letter turn into the one that
// was written, if they are few, or else one that nearly begins with it: the first
// of them. Otherwise it is "".
func nearest(written string, names []string) string {
	if len(written) > longestName {
		return ""
	}
	whole, beginning := min(3, (len(written)+2)/2), 0
	if len(written) > 3 {
		beginning = 2
	}
	found, begun := "", ""
	for _, n := range names {
		row := changes(written, n)
		if d := row[len(n)]; d < whole {
			whole, found = d, n
		}
		if d := slices.Min(row); d < beginning {
			beginning, begun = d, n
		}
	}
	if found == "" {
		return begun
	}
	return found
}

// changes are how many letters must be added, dropped, replaced or swapped with
// their neighbour to turn a into each beginning of b: none of its letters, one,
// and so on to all.
func changes(a, b string) []int {
	before, last := []int(nil), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			replaced := last[j]
			if a[i] != b[j] {
				replaced++
			}
			row[j+1] = min(replaced, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last
}

// suggestion is what follows an error about a name that nobody knows.
func suggestion(near string) string {
	if near == "" {
		return ""
	}
	return "; did you mean " + quote(near) + "?"
}

// missing fails if something is declared that the text does not use or set.
func (s *scope) missing() {
	for _, v := range s.order {
		switch {
		case v.role == roleInput || v.role == roleParam:
			if !v.read {
				nowhere.fail("the %s %s is declared and never read", v.role, quote(v.name))
			}
		case v.isSet:
		case v.role == roleState:
			nowhere.fail("the state %s is never set", quote(v.name))
		case v.output:
			nowhere.fail("the output %s is never set%s", quote(v.name), suggestion(nearest(v.name, s.set())))
		case v.kept:
			nowhere.fail("%s is to be kept and is never set%s", quote(v.name), suggestion(nearest(v.name, s.set())))
		}
	}
}

// set are the names that the text sets.
func (s *scope) set() []string {
	var names []string
	for _, v := range s.order {
		if v.isSet {
			names = append(names, v.name)
		}
	}
	return names
}

// unused fails at the first name that is set in vain.
func (s *scope) unused() {
	vain := slices.DeleteFunc(slices.Clone(s.order), func(v *variable) bool {
		return !v.isSet || v.read || v.output || v.kept || v.role != roleValue
	})
	if len(vain) == 0 {
		return
	}
	first := slices.MinFunc(vain, func(a, b *variable) int {
		if a.at.line != b.at.line {
			return a.at.line - b.at.line
		}
		return a.at.column - b.at.column
	})
	first.at.fail("%s is set and never used: it is neither a state nor an output, and no statement reads it", quote(first.name))
}
