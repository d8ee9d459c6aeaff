package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Options that are written wrongly say how they are written.
func TestMethods(t *testing.T) {
	dir := t.TempDir()
	digits := opticalDigits(t, dir)
	for says, more := range map[string][]string{
		"cross-entropy, mean-square or latency": {"--loss", "hinge"},
		"none of sum, mean":                     {"--loss", "cross-entropy:median"},
		"mean-square:mean:0.8,0.2":              {"--loss", "mean-square"},
		"only mean-square has goals":            {"--loss", "cross-entropy:mean:1,2"},
		"adam, adamax, rmsprop or sgd":          {"--optimizer", "lion"},
		`no option "beta9"`:                     {"--optimizer", "adam:beta9=1"},
		"not NAME=NUMBER":                       {"--optimizer", "adam:beta1"},
		"cosine:WARMUP,LAST":                    {"--schedule", "linear"},
		"two numbers":                           {"--schedule", "cosine:1"},
		"LAYER:LOW-HIGH:STRENGTH":               {"--regularize", "lif1"},
		"a number for each class":               {"--class-weights", "1,2"},
		"no such parameter or layer":            {"--freeze", "lif9"},
		"--patience is judged":                  {"--patience", "3", "--test", digits},
		"judged by":                             {"--hold-out", "0"},
		"a share of 2":                          {"--hold-out", "2"},
		"--crop is not used":                    {"--crop", "1,2,3,4", "--hold-out", "0.2"},
		"the left, top, right and bottom":       {"--crop", "1,2"},
		"written as 34x34":                      {"--sensor", "34"},
		"at least 1":                            {"--population=-1", "--hold-out", "0.2"},
	} {
		args := append([]string{"train", "mlp:20", "--data", digits, "--out", dir, "--epochs", "1"}, more...)
		if more[0] != "--hold-out" && len(more) == 2 {
			args = append(args, "--hold-out", "0.2")
		}
		_, err := try(t, args...)
		require.ErrorContains(t, err, says, more)
	}
	for _, more := range [][]string{
		{"--loss", "mean-square:max:1,0", "--optimizer", "sgd:momentum=0.9", "--schedule", "halving:100,0.5", "--clip", "1"},
		{"--loss", "cross-entropy:each", "--optimizer", "rmsprop", "--schedule", "constant", "--regularize", "lif1:0.01-0.2:1"},
		{"--loss", "latency", "--optimizer", "adamax", "--class-weights", "balanced", "--freeze", "linear1"},
		{"--optimizer", "adam:weight-decay=1e-4", "--class-weights", "1,1,1,1,1,1,1,1,1,2", "--population", "2"},
	} {
		_, err := try(t, append([]string{"train", "mlp:20", "--data", digits, "--out", dir, "--epochs", "1", "--hold-out", "0.2"}, more...)...)
		require.NoError(t, err, more)
	}
	_, err := try(t, "train", "mlp", "--data", dir, "--out", dir)
	require.ErrorContains(t, err, "best.safetensors", "what a training has left there are no samples")
}

// Networks by words.
func TestNew(t *testing.T) {
	for _, words := range []string{"mlp:7,20,10,3", "recurrent:7,20,3", "conv:3,4 --input 1,16,16", "dvs:3,4 --input 2,32,32 --classes 5"} {
		said, err := try(t, append([]string{"new"}, strings.Fields(words)...)...)
		require.NoError(t, err, words)
		require.Contains(t, said, `"layers"`)
	}
	for words, says := range map[string]string{
		"lstm":              "there are conv, dvs, mlp, recurrent",
		"mlp":               "mlp:700,256,20",
		"mlp:0,1,2":         "whole numbers from 1 on",
		"conv":              "--input C,H,W",
		"conv --input 3,4":  "[channels, height, width]",
		"recurrent:1,2,3,4": "one hidden layer",
		"mlp:7,20,x":        `"x"`,
	} {
		_, err := try(t, append([]string{"new"}, strings.Fields(words)...)...)
		require.ErrorContains(t, err, says, words)
	}
}
