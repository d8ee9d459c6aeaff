package main

import (
	"os"

	"github.com/schollz/progressbar/v3"
)

// newProgress is a bar on standard error if that is a terminal, and nothing
// otherwise.
func newProgress(n int, what string) *progressbar.ProgressBar {
	s, err := os.Stderr.Stat()
	terminal := err == nil && s.Mode()&os.ModeCharDevice != 0
	return progressbar.NewOptions(n,
		progressbar.OptionSetDescription(what),
		progressbar.OptionSetWriter(os.Stderr),
		progressbar.OptionSetVisibility(terminal),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionClearOnFinish(),
	)
}
