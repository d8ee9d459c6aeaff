// Embedded is the smallest server: a program that imports forward, snn and
// format/model, and runs a model file for one step. Its size and the time that it
// takes to build are what spikelane costs who imports it:
//
//	go build -trimpath -ldflags '-s -w' ./bench/embedded
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spikelane/spikelane/format/model"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "embedded:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("%w: %d arguments, not one: a model file", snn.ErrOption, len(args))
	}
	m, err := model.ReadFile(args[0])
	if err != nil {
		return err
	}
	x := tensor.New(1, 1, m.Graph().Inputs()[0].Shape.Size())
	out, err := m.Run(context.Background(), m.NewState(1), x)
	if err != nil {
		return err
	}
	fmt.Println(out.Layers())
	return nil
}
