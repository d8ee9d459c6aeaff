// Package clock times work on machines that are not quiet: many short runs, and
// their median.
package clock

import (
	"slices"
	"time"
)

// Median runs the work until the given time has passed, at least five times,
// and returns the median duration of a run. Work that is shorter than a
// hundred microseconds is repeated within a run.
func Median(work func(), atLeast time.Duration) time.Duration {
	start := time.Now()
	work()
	inner := 1
	if once := time.Since(start); once < 100*time.Microsecond {
		inner = int(100*time.Microsecond/max(once, 100)) + 1
	}
	var runs []time.Duration
	for begin := time.Now(); len(runs) < 5 || time.Since(begin) < atLeast; {
		start := time.Now()
		for range inner {
			work()
		}
		runs = append(runs, time.Since(start)/time.Duration(inner))
	}
	return Of(runs)
}

// Of is the median of some durations, which it sorts.
func Of(runs []time.Duration) time.Duration {
	slices.Sort(runs)
	return runs[len(runs)/2]
}
