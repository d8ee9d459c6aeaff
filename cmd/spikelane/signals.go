//go:build unix || windows

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// stopSignals are those to stop at. A closed pipe is an error of the write, and
// no signal.
func stopSignals() []os.Signal {
	signal.Ignore(syscall.SIGPIPE)
	stops := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as under nohup
		stops = append(stops, syscall.SIGHUP)
	}
	return stops
}

func number(s os.Signal) int { return int(s.(syscall.Signal)) }
