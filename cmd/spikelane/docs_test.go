package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/internal/slowtest"
)

// blocks are the commands of a page: the blocks marked sh, a line each.
var blocks = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")

// shortened are commands that take long: what is added to them here.
var shortened = map[string][]string{
	"demo":  {"--limit", "256", "--epochs", "1"},
	"train": {"--limit", "64", "--epochs", "1"},
	"run":   {"--steps", "20"},
}

// Every command that a page tells readers to type works, in the order of the
// page, in a folder that has the recordings and NIR files that it names.
func TestCommandsOfPages(t *testing.T) {
	slowtest.Sweep(t)
	if emulated() {
		t.Skip("an emulated program cannot start itself")
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	require.NoError(t, err)
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	require.NoError(t, err)
	given := map[string]string{
		"docs": filepath.Join(root, "docs"), "nmnist": shared.Path(t, "data", "nmnist"),
		"cnn_sinabs.nir": shared.Path(t, "data", "nir", "cnn_sinabs.nir"),
		"braille.nir":    shared.Path(t, "data", "nir", "braille_noDelay_noBias_subtract.nir"),
	}
	commands := 0
	for _, page := range append(pages, filepath.Join(root, "README.md")) {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		dir := t.TempDir()
		for name, path := range given {
			require.NoError(t, os.Symlink(path, filepath.Join(dir, name)))
		}
		opticalDigits(t, dir)
		for _, block := range blocks.FindAllStringSubmatch(string(text), -1) {
			for line := range strings.Lines(block[1]) {
				line, _, _ = strings.Cut(line, " #")
				if line = strings.TrimSpace(line); line == "" {
					continue
				}
				runLine(t, filepath.Base(page), dir, root, line)
				commands++
			}
		}
	}
	require.Greater(t, commands, 15)
}

// runLine executes a line: the command here, or a build from the root.
func runLine(t *testing.T, page, dir, root, line string) {
	t.Helper()
	args := strings.Fields(strings.ReplaceAll(line, `"`, ""))
	var cmd *exec.Cmd
	switch {
	case args[0] == "spikelane":
		if !strings.Contains(line, "--digits") && !strings.Contains(line, "--steps") {
			args = append(args, shortened[args[1]]...)
		}
		cmd = command(t, args[1:]...)
		cmd.Dir = dir
	case strings.Contains(line, "go build "):
		line = strings.Replace(line, "-o ", "-o "+dir+string(filepath.Separator), 1)
		cmd = exec.Command("sh", "-c", line)
		cmd.Dir = root
	default:
		t.Fatalf("%s: %q is neither the command nor a build", page, line)
	}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s: %s\n%s", page, line, out)
}
