// Command spikelane runs spiking neural networks from the command line.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync/atomic"

	"github.com/alecthomas/kong"
)

type commands struct {
	Demo    demo          `cmd:"" help:"Train a network on the MNIST digits, in seconds."`
	New     newNetwork    `cmd:"" help:"Print a description of a network, to edit and to train."`
	Train   training      `cmd:"" help:"Train a network on data of your own."`
	Run     run           `cmd:"" help:"Run a model over recordings, sounds, pictures or arrays."`
	Eval    eval          `cmd:"" help:"Judge a model by samples whose classes are known."`
	Events  eventsCommand `cmd:"" help:"Tell what is in recordings of events; draw and convert them."`
	Hash    hashing       `cmd:"" help:"Run a model on inputs made from a seed, and print the hash of its spikes."`
	Bench   bench         `cmd:"" help:"Measure what this machine does with a network."`
	Conform conformance   `cmd:"" help:"Compare with other frameworks, case by case, or with a table of spike hashes."`
	Inspect inspect       `cmd:"" help:"Show what a NIR file or a model file holds."`
	Convert convert       `cmd:"" help:"Make a model file of a NIR file, or the other way round."`
	Info    info          `cmd:"" help:"Tell the version, the machine and the kernels in use."`
}

func main() {
	ctx, caught := untilSignal()
	var c commands
	k := kong.Parse(&c,
		kong.Name("spikelane"),
		kong.Description("Spiking neural networks on CPU vector lanes."),
		kong.ShortUsageOnError(),
		kong.Writers(stdout, os.Stderr),
		kong.Exit(exit),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	err := k.Run()
	if err == nil {
		exit(0)
	}
	if !errors.Is(err, stdout.err) { // which exit tells
		fmt.Fprintln(os.Stderr, "spikelane:", err)
	}
	if s := caught(); s != 0 && errors.Is(err, context.Canceled) {
		exit(128 + s)
	}
	exit(1)
}

// exit ends the program, with 1 in place of 0 if standard output could not be
// written.
func exit(status int) {
	if err := stdout.failed(); err != nil {
		fmt.Fprintln(os.Stderr, "spikelane:", err)
		status = max(status, 1)
	}
	os.Exit(status)
}

// untilSignal is a context that ends with the first signal to stop; the next
// ends the program. caught is the number of the first, or 0.
func untilSignal() (ctx context.Context, caught func() int) {
	stops := stopSignals()
	came := make(chan os.Signal, 1)
	signal.Notify(came, stops...)
	ctx, cancel := context.WithCancel(context.Background())
	var first atomic.Int64
	go func() {
		s := <-came
		signal.Reset(stops...)
		first.Store(int64(number(s)))
		cancel()
	}()
	return ctx, func() int { return int(first.Load()) }
}
