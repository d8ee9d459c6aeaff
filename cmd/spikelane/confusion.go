package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spikelane/spikelane/train"
)

// mostClasses is how many classes a table of answers is printed for.
const mostClasses = 20

// printConfusion prints how many samples of each class got which answer, and how
// many of each are right.
func printConfusion(r train.Result, names []string) error {
	if n := len(names); n < 2 || n > mostClasses || len(r.Confusion) < n {
		return nil
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "class\t")
	for _, name := range names {
		fmt.Fprintf(w, "%s\t", name)
	}
	fmt.Fprintln(w, "right\t")
	for class, answers := range r.Confusion[:len(names)] {
		fmt.Fprintf(w, "%s\t", names[class])
		all := 0
		for answer, n := range answers {
			all += n
			switch {
			case answer >= len(names):
			case n == 0:
				fmt.Fprint(w, ".\t")
			default:
				fmt.Fprintf(w, "%d\t", n)
			}
		}
		if all == 0 {
			fmt.Fprintln(w, "-\t")
			continue
		}
		fmt.Fprintf(w, "%.1f %%\t\n", 100*float64(answers[class])/float64(all))
	}
	return w.Flush()
}

// printDoubts says which samples have no class, or more than one.
func printDoubts(r train.Result) {
	if r.Undecided > 0 {
		printf("undecided %d of %d, whose outputs are not a number: they count as wrong\n", r.Undecided, r.Samples)
	}
	if r.Tied > 0 {
		printf("tied      %d of %d, whose best score several classes share: the lowest is the answer\n", r.Tied, r.Samples)
	}
}
