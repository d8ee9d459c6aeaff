package conform

import (
	_ "embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/spikelane/spikelane/internal/vectors"
)

// The metadata of a case say in words, too, what its numbers are: its equation,
// reset and tie, the derivative of its surrogate, what each tensor means. The
// presets were written from these words. Those of a case that are not among
// them describe something else than what is built here, and make it fail.
//
// A class of cases begins with its name; its choices, which are numbered, and
// then the sentences with the numbers of the choices that have them follow, with
// a question mark where not every case has.
//
//go:embed words.txt
var knownWords string

var knownTable = sync.OnceValue(func() map[string]*words { return wordsOf(knownWords) })

// words are the sentences of a class of cases.
type words struct {
	choices   []string
	sentences map[string]map[int]bool // of each choice, if every case has it
}

// wordsOf reads the table.
func wordsOf(table string) map[string]*words {
	all := map[string]*words{}
	var w *words
	for line := range strings.Lines(table) {
		line = strings.TrimSuffix(line, "\n")
		indented := strings.TrimPrefix(line, "\t")
		switch choice, isChoice := strings.CutPrefix(indented, "choice "); {
		case line == "":
		case indented == line:
			w = &words{sentences: map[string]map[int]bool{}}
			all[line] = w
		case isChoice:
			w.choices = append(w.choices, choice)
		default:
			numbers, sentence, _ := strings.Cut(indented, "\t")
			w.sentences[sentence] = map[int]bool{}
			for n := range strings.FieldsSeq(numbers) {
				n, some := strings.CutSuffix(n, "?")
				i, _ := strconv.Atoi(n)
				w.sentences[sentence][i] = !some
			}
		}
	}
	return all
}

// checkWords compares the sentences of a case with those of its class: of its
// choices, if they are among those of the table, else of any.
func checkWords(c *vectors.Case) error {
	table := knownTable()
	if w := table[wordsIn(c).class]; w != nil {
		for _, name := range w.required() {
			if p := c.Meta.Object("parameters"); !p.Has(name) {
				return fmt.Errorf("conform: %w: the parameters say nothing of %s", vectors.ErrCase, name)
			}
		}
	}
	for _, said := range []said{wordsIn(c), formsIn(c)} {
		if err := said.check(table[said.class]); err != nil {
			return err
		}
	}
	return nil
}

// required are the parameters that cases of every choice have: what is missing
// must not become our default.
func (w *words) required() []string {
	var all []string
	for i, choice := range w.choices {
		var names []string
		for name := range strings.FieldsSeq(choice) {
			name, _, _ = strings.Cut(name, "=")
			if i == 0 || slices.Contains(all, name) {
				names = append(names, name)
			}
		}
		all = names
	}
	return all
}

// said are the sentences of a case.
type said struct {
	class, choice string
	sentences     []string
	// some says that a case need not say all that others of its choice do.
	some bool
}

func (s said) check(w *words) error {
	if w == nil {
		return fmt.Errorf("conform: %w: there are no cases of %q", vectors.ErrCase, s.class)
	}
	k := slices.Index(w.choices, s.choice)
	for _, sentence := range s.sentences {
		choices, known := w.sentences[sentence]
		if !known && w.silentOn(sentence) {
			continue
		}
		if _, has := choices[k]; !known || k >= 0 && !has {
			return fmt.Errorf("conform: %w: no %s with %q says %q", vectors.ErrCase, s.class, s.choice, sentence)
		}
	}
	ofOther := slices.ContainsFunc(s.sentences, w.silentOn)
	for _, sentence := range slices.Sorted(maps.Keys(w.sentences)) {
		if ofOther && strings.HasPrefix(sentence, derivativeOf) {
			continue
		}
		if !s.some && w.sentences[sentence][k] && !slices.Contains(s.sentences, sentence) {
			return fmt.Errorf("conform: %w: it does not say %q, as every %s with %q", vectors.ErrCase, sentence, s.class, s.choice)
		}
	}
	return nil
}

// derivativeOf begins what a case says of the derivative of its surrogate.
const derivativeOf = "derivative of "

// silentOn reports a derivative of a surrogate that no case of the class has: it
// is that of its name, which the preset knows, or does not.
func (w *words) silentOn(sentence string) bool {
	entry, _, _ := strings.Cut(sentence, ": ")
	for known := range w.sentences {
		if strings.HasPrefix(known, entry+": ") {
			return false
		}
	}
	return strings.HasPrefix(entry, derivativeOf)
}

func (s *said) say(entry, text string) { s.sentences = append(s.sentences, entry+": "+text) }

// wordsIn are what a case says of its class.
func wordsIn(c *vectors.Case) said {
	m := c.Meta
	s := said{class: c.Kind, choice: choiceOf(m)}
	switch c.Kind {
	case "neuron", "network":
		s.class += " " + m.Text("class")
	case "surrogate":
		s.class += " " + strings.TrimPrefix(c.Name, "surrogate.")
	}
	for _, entry := range []string{"framework", "version", "class", "reset", "tie", "architecture", "maxpool", "input", "accuracy"} {
		if m.Has(entry) {
			s.say(entry, m.Text(entry))
		}
	}
	if c.Kind != "neuron" && m.Has("loss") { // that of a neuron names a state
		s.say("loss", m.Text("loss"))
	}
	for _, line := range m.Texts("equation") {
		s.say("equation", line)
	}
	if _, ok := m.Peek("surrogate").(map[string]any); ok && m.Object("surrogate").Has("derivative") {
		s.say(derivativeOf+m.Object("surrogate").Text("name"), m.Object("surrogate").Text("derivative"))
	}
	return s
}

// formsIn are what a case says of its tensors and tolerances, without their
// names and numbers.
func formsIn(c *vectors.Case) said {
	s := said{class: c.Kind + " tensors", some: true}
	tensors, tolerance := c.Meta.Object("tensors"), c.Meta.Object("tolerance")
	for _, name := range tensors.Keys() {
		first, last := name, name
		if i := strings.LastIndexByte(name, '.'); i >= 0 {
			first, last = name[:strings.IndexByte(name, '.')], name[i+1:]
		}
		of := regexp.MustCompile(`\b` + regexp.QuoteMeta(last) + `\b`)
		s.say(strings.TrimRight(first, "0123456789"), of.ReplaceAllString(tensors.Object(name).Text("meaning"), "@"))
	}
	if c.Meta.Has("margin") {
		s.say("margin", number.ReplaceAllString(c.Meta.Object("margin").Text("rule"), "#"))
	}
	for _, name := range tolerance.Keys() {
		s.say("tolerance of "+name, number.ReplaceAllString(tolerance.Text(name), "#"))
	}
	return s
}

// number is a tolerance in words.
var number = regexp.MustCompile(`[0-9.]+e-?[0-9]+|0\.[0-9]+`)

// choiceOf are the parameters of a case that are no numbers, and the names of
// the others.
func choiceOf(m *vectors.Fields) string {
	if !m.Has("parameters") {
		return ""
	}
	var list []string
	p := m.Object("parameters")
	for _, name := range p.Keys() {
		switch v := p.Peek(name).(type) {
		case float64, []any:
			list = append(list, name)
		default:
			list = append(list, fmt.Sprintf("%s=%v", name, v))
		}
	}
	return strings.Join(list, " ")
}

// tableOf writes the table of the words of some cases.
func tableOf(cases []*vectors.Case) string {
	all := map[string]*words{}
	for _, c := range cases {
		for _, s := range []said{wordsIn(c), formsIn(c)} {
			if all[s.class] == nil {
				all[s.class] = &words{sentences: map[string]map[int]bool{}}
			}
			all[s.class].learn(s)
		}
	}
	var b strings.Builder
	for _, class := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&b, "%s\n%s\n", class, all[class])
	}
	return b.String()
}

// learn adds the sentences of a case.
func (w *words) learn(s said) {
	k := slices.Index(w.choices, s.choice)
	first := k < 0
	if first {
		k = len(w.choices)
		w.choices = append(w.choices, s.choice)
	}
	for _, sentence := range s.sentences {
		if w.sentences[sentence] == nil {
			w.sentences[sentence] = map[int]bool{}
		}
		if _, has := w.sentences[sentence][k]; !has {
			w.sentences[sentence][k] = first
		}
	}
	for sentence, choices := range w.sentences {
		if choices[k] && !slices.Contains(s.sentences, sentence) {
			choices[k] = false
		}
	}
}

// String is the class in the table.
func (w *words) String() string {
	var b strings.Builder
	for _, choice := range w.choices {
		fmt.Fprintf(&b, "\tchoice %s\n", choice)
	}
	for _, s := range slices.Sorted(maps.Keys(w.sentences)) {
		var numbers []string
		for _, k := range slices.Sorted(maps.Keys(w.sentences[s])) {
			numbers = append(numbers, strconv.Itoa(k)+map[bool]string{false: "?"}[w.sentences[s][k]])
		}
		fmt.Fprintf(&b, "\t%s\t%s\n", strings.Join(numbers, " "), s)
	}
	return b.String()
}
