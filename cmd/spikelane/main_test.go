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

// TestMain is the command itself where a test has asked for it.
func TestMain(m *testing.M) {
	if os.Getenv("SPIKELANE_MAIN") != "" {
		main()
		return
	}
	shared.Main(m)
}

// command starts the command as its own process.
func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	if emulated() {
		t.Skip("an emulated program cannot start itself")
	}
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "SPIKELANE_MAIN=1")
	return cmd
}

// fails runs the command, which must end with that status, and returns what it
// says of it.
func fails(t *testing.T, status int, cmd *exec.Cmd) (stderr string) {
	t.Helper()
	var said strings.Builder
	cmd.Stderr = &said
	var exit *exec.ExitError
	require.ErrorAs(t, cmd.Run(), &exit)
	require.Equal(t, status, exit.ExitCode(), said.String())
	return said.String()
}

// Errors go to standard error, and the status is 1.
func TestExitStatus(t *testing.T) {
	cmd := command(t, "run", "nothing.safetensors", "--events", ".")
	var out strings.Builder
	cmd.Stdout = &out
	require.Contains(t, fails(t, 1, cmd), "nothing.safetensors")
	require.Empty(t, out.String())
}

// What cannot be printed is an error of every command, whether the disk is full
// or nobody reads any more.
func TestStandardOutput(t *testing.T) {
	slowtest.Sweep(t)
	dir, model := t.TempDir(), filepath.Join(t.TempDir(), "m.safetensors")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "net.json"), []byte(`{"inputs": [{"name": "x", "shape": [784]}], "layers": [{"type": "Linear", "options": {"out": 10}}, {"type": "LI"}]}`), 0o644))
	require.NoError(t, command(t, "train", "mlp", "--limit", "8", "--epochs", "1", "--network", filepath.Join(dir, "net.json"), "--out", filepath.Join(dir, "trained")).Run())
	require.NoError(t, os.Rename(filepath.Join(dir, "trained", "model.safetensors"), model))
	network := filepath.Join(dir, "net.nir")
	require.NoError(t, command(t, "convert", model, network, "--dt", "1").Run())
	for name, args := range map[string][]string{
		"demo":    {"demo", "--limit", "8", "--epochs", "1", "--out", filepath.Join(dir, "demo")},
		"train":   {"train", "mlp", "--limit", "8", "--epochs", "1", "--out", filepath.Join(dir, "train")},
		"run":     {"run", model, "--digits"},
		"bench":   {"bench", "--time", "1ms", "--layers", "8,8", "--steps", "2", "--batch", "2"},
		"json":    {"bench", "--time", "1ms", "--layers", "8,8", "--steps", "2", "--batch", "2", "--json"},
		"inspect": {"inspect", model},
		"dot":     {"inspect", model, "--dot"},
		"info":    {"info"},
		"help":    {"--help"},
		"conform": {"conform"},
		"convert": {"convert", network, "/dev/stdout", "--dt", "1"},
	} {
		t.Run(name, func(t *testing.T) {
			if full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0); err == nil {
				defer full.Close()
				cmd := command(t, args...)
				cmd.Stdout = full
				require.Contains(t, fails(t, 1, cmd), "no space left on device")
			}
			read, write, err := os.Pipe()
			require.NoError(t, err)
			require.NoError(t, read.Close())
			defer write.Close()
			cmd := command(t, args...)
			cmd.Stdout = write
			fails(t, 1, cmd)
		})
	}
	require.FileExists(t, filepath.Join(dir, "demo", "model.safetensors"), "what was learned is not lost")
}

// No command prints past the writer that notices errors.
func TestOneStandardOutput(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	past := regexp.MustCompile(`fmt\.Print|os\.Stdout`)
	for _, path := range files {
		if path != "output.go" && !strings.HasSuffix(path, "_test.go") {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			require.NotRegexp(t, past, string(text), path)
		}
	}
}
