package main

import (
	"fmt"
	"io"
	"os"
	"sync"
)

// stdout is what every command prints to. What could not be written is told
// at the end, by the status too: work that is half done is not lost for it.
var stdout = &output{to: os.Stdout}

// output remembers the first error of a writer.
type output struct {
	to   io.Writer
	lock sync.Mutex
	err  error
}

// Write writes, unless that has failed before.
func (o *output) Write(p []byte) (int, error) {
	o.lock.Lock()
	defer o.lock.Unlock()
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.to.Write(p)
	o.err = err
	return n, err
}

// failed is the error of what could not be written, or nil.
func (o *output) failed() error {
	o.lock.Lock()
	defer o.lock.Unlock()
	if o.err == nil {
		return nil
	}
	return fmt.Errorf("standard output: %w", o.err)
}

func printf(format string, args ...any) { fmt.Fprintf(stdout, format, args...) }

func printline(args ...any) { fmt.Fprintln(stdout, args...) }
