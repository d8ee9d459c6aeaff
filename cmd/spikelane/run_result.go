package main

import (
	"encoding/hex"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spikelane/spikelane/forward"
)

// result is what run prints.
type result struct {
	Model      string         `json:"model"`
	Recordings []recordResult `json:"recordings"`
	Layers     []layerTotal   `json:"layers"`
	Labelled   int            `json:"labelled"`
	Right      int            `json:"right"`
	Accuracy   *float64       `json:"accuracy,omitempty"` // where there are labels
	Hash       string         `json:"spike_hash"`
	Seconds    float64        `json:"seconds"`
	PerSecond  float64        `json:"recordings_per_second"`
}

// summarize counts what is right, and the spikes of every layer.
func summarize(all []classified, totals []layerTotal, took time.Duration) result {
	res := result{Seconds: took.Seconds(), PerSecond: float64(len(all)) / took.Seconds()}
	h := forward.NewHasher()
	for _, c := range all {
		res.Recordings = append(res.Recordings, c.recordResult)
		if c.Class != nil {
			res.Labelled++
			if *c.Class == c.Predicted {
				res.Right++
			}
		}
		h.AddSample(c.hash)
	}
	if res.Labelled > 0 {
		accuracy := float64(res.Right) / float64(res.Labelled)
		res.Accuracy = &accuracy
	}
	for _, t := range totals {
		t.Spikes, t.Rate = int64(t.sum), t.sum/float64(max(1, t.places))
		res.Layers = append(res.Layers, t)
	}
	sum := h.Sum()
	res.Hash = hex.EncodeToString(sum[:])
	return res
}

// mostRows is how many samples are printed.
const mostRows = 200

// print prints a table of the samples and a table of the layers.
func (res result) print() error {
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "recording\tclass\tpredicted\tcounts\t")
	late, silent := 0, 0
	for i, r := range res.Recordings {
		class, predicted := "-", fmt.Sprint(r.Predicted)
		if r.Class != nil {
			class = fmt.Sprint(*r.Class)
		}
		if r.Predicted == undecided {
			predicted = "undecided"
			silent++
		}
		if r.Later > 0 {
			late++
		}
		if i < mostRows {
			fmt.Fprintf(w, "%s\t%s\t%s\t%v\t\n", r.Name, class, predicted, r.Counts)
		}
	}
	if n := len(res.Recordings) - mostRows; n > 0 {
		fmt.Fprintf(w, "and %d more\t--out, --json\t\t\t\n", n)
	}
	fmt.Fprintln(w, "\nlayer\tspikes\trate\t\t")
	for _, l := range res.Layers {
		fmt.Fprintf(w, "%s\t%d\t%.4f\t\t\n", l.Name, l.Spikes, l.Rate)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	printline()
	if res.Accuracy != nil {
		printf("right        %d of %d (%.1f %%)\n", res.Right, res.Labelled, 100**res.Accuracy)
	}
	if silent > 0 {
		printf("undecided    %d of %d, whose outputs are all 0 or not a number\n", silent, len(res.Recordings))
	}
	if late > 0 {
		printf("not used     %d events of %d recordings, after the last step: --steps and --bin say when that is\n", res.later(), late)
	}
	printf("spike hash   %s\n", res.Hash)
	printf("speed        %.1f recordings/s (%d in %.2f s)\n", res.PerSecond, len(res.Recordings), res.Seconds)
	return nil
}

// later is how many events came after the last step.
func (res result) later() int {
	n := 0
	for _, r := range res.Recordings {
		n += r.Later
	}
	return n
}
