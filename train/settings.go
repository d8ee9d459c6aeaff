package train

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// settings are what a training was made with, as texts by their names: all of
// which another value would give other weights. The number of workers is none.
type settings map[string]string

// settings are those of the configuration.
func (t *Trainer) settings() settings {
	c := t.config
	s := settings{
		"loss": described(c.Loss), "optimizer": described(c.Optimizer), "rate": number(c.LearningRate), "clip": number(c.ClipNorm),
		"learns": strings.Join(t.names, " "), "burn": strconv.Itoa(c.BurnIn), "segment": strconv.Itoa(c.Segment), "truncate": strconv.FormatBool(c.Truncate),
		"no dropout": strconv.FormatBool(c.NoDropout), "seed of dropout": strconv.FormatUint(c.Seed, 10), "steps": strconv.Itoa(c.Steps),
	}
	var rates []string // a function is known by what it gives
	for i := range 5 {
		rate, _ := c.Schedule.at(i*c.Steps/4, c.Steps) // a wrong one is the error of its step
		rates = append(rates, number(rate))
	}
	s["schedule"] = strings.Join(rates, " ")
	var all []string
	for _, r := range c.Regularizers {
		all = append(all, described(r))
	}
	s["regularize"] = strings.Join(all, " ")
	return s
}

// settings are those of a plan for a source of n samples.
func (p Plan) settings(n int) settings {
	return settings{
		"batch": strconv.Itoa(p.Batch), "epochs": strconv.Itoa(p.Epochs), "seed": strconv.FormatUint(p.Seed, 10),
		"samples": strconv.Itoa(n), "data": p.Data,
	}
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// described is the type of a value and what JSON can say of it.
func described(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%T", v)
	}
	return fmt.Sprintf("%T%s", v, text)
}

// agree reports all in which the settings of a checkpoint are others than those
// of now.
func (s settings) agree(now settings) error {
	var differ []string
	for _, name := range slices.Sorted(maps.Keys(now)) {
		if was, is := s[name], now[name]; was != is {
			differ = append(differ, fmt.Sprintf("%s was %q, not %q", name, was, is))
		}
	}
	if differ != nil {
		return fmt.Errorf("train: %w: it belongs to other settings: %s", ErrCheckpoint, strings.Join(differ, "; "))
	}
	return nil
}
