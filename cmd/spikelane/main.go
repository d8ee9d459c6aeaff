// Command spikelane runs spiking neural networks from the command line.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"

	"github.com/alecthomas/kong"
)

type commands struct {
	Demo    demo        `cmd:"" help:"Train a network on the MNIST digits, in seconds."`
	Train   training    `cmd:"" help:"Train a network on a task."`
	Run     run         `cmd:"" help:"Run a model over event recordings."`
	Bench   bench       `cmd:"" help:"Measure what this machine does with a network."`
	Conform conformance `cmd:"" help:"Compare with other frameworks, case by case, or with a table of spike hashes."`
	Inspect inspect     `cmd:"" help:"Show what a NIR file or a model file holds."`
	Convert convert     `cmd:"" help:"Make a model file of a NIR file, or the other way round."`
	Info    info        `cmd:"" help:"Tell the version, the machine and the kernels in use."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var c commands
	k := kong.Parse(&c,
		kong.Name("spikelane"),
		kong.Description("Spiking neural networks on CPU vector lanes."),
		kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err := k.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "spikelane:", err)
		if errors.Is(err, context.Canceled) {
			os.Exit(130)
		}
		os.Exit(1)
	}
}
