//go:build unix

package main

import (
	"bufio"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/filelock"
	"github.com/spikelane/spikelane/internal/slowtest"
)

// trainSmall is a training of some seconds, in a folder of its own.
func trainSmall(t *testing.T, out string, more ...string) *exec.Cmd {
	return command(t, append([]string{"train", "mlp", "--out", out, "--limit", "2000", "--epochs", "3", "--batch", "40", "--workers", "1"}, more...)...)
}

// trainedWhole is the model of that training when nothing stops it, and how
// long it takes.
func trainedWhole(t *testing.T) (model []byte, took time.Duration) {
	t.Helper()
	out, start := filepath.Join(t.TempDir(), "whole"), time.Now()
	said, err := trainSmall(t, out, "--checkpoint-steps", "1").CombinedOutput()
	require.NoError(t, err, string(said))
	took = time.Since(start)
	model, err = os.ReadFile(filepath.Join(out, "model.safetensors"))
	require.NoError(t, err)
	return model, took
}

// A training that is killed at random moments, and goes on every time, ends
// with the same bytes, and with nothing else in its folder.
func TestKilledTraining(t *testing.T) {
	slowtest.Sweep(t)
	want, took := trainedWhole(t)
	out, kills := filepath.Join(t.TempDir(), "out"), 3
	if os.Getenv("SPIKELANE_NIGHTLY") != "" {
		kills = 30
	}
	model, checkpoint := filepath.Join(out, "model.safetensors"), filepath.Join(out, "checkpoint.safetensors")
	for killed, between := 0, 0; killed < kills || between == 0; {
		cmd := trainSmall(t, out, "--resume", "--checkpoint-steps", "1")
		require.NoError(t, cmd.Start())
		time.Sleep(time.Duration(rand.Int64N(int64(took) * 9 / 10)))
		require.NoError(t, cmd.Process.Kill())
		if cmd.Wait() != nil {
			killed++
		}
		if _, err := os.Stat(checkpoint); err == nil {
			between++
			continue
		}
		if got, err := os.ReadFile(model); err == nil { // it had ended
			require.Equal(t, want, got)
			require.NoError(t, os.RemoveAll(out))
		}
	}
	said, err := trainSmall(t, out, "--resume").CombinedOutput()
	require.NoError(t, err, string(said))
	got, err := os.ReadFile(model)
	require.NoError(t, err)
	require.Equal(t, want, got)
	files, err := filepath.Glob(filepath.Join(out, "*"))
	require.NoError(t, err)
	hidden, err := filepath.Glob(filepath.Join(out, ".*"))
	require.NoError(t, err)
	require.Len(t, files, 3, "the model, the epochs and their picture")
	require.Empty(t, hidden)
}

// The signals to stop save what has been learned, and are the status.
func TestStopSignals(t *testing.T) {
	slowtest.Sweep(t)
	want, _ := trainedWhole(t)
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		if signal.Ignored(s) {
			continue // under nohup; a training does so, too
		}
		out := filepath.Join(t.TempDir(), "out")
		cmd := trainSmall(t, out)
		lines, err := cmd.StdoutPipe()
		require.NoError(t, err)
		var said strings.Builder
		cmd.Stderr = &said
		require.NoError(t, cmd.Start())
		for scan := bufio.NewScanner(lines); scan.Scan() && !strings.HasPrefix(scan.Text(), "epoch 1"); {
		}
		require.NoError(t, cmd.Process.Signal(s))
		var exit *exec.ExitError
		require.ErrorAs(t, cmd.Wait(), &exit)
		require.Equal(t, 128+int(s), exit.ExitCode(), said.String())
		require.Contains(t, said.String(), "--resume goes on")
		require.FileExists(t, filepath.Join(out, "stopped.safetensors"))
		text, err := trainSmall(t, out, "--resume").CombinedOutput()
		require.NoError(t, err, string(text))
		require.Contains(t, string(text), "resumed   after 1 epochs")
		got, err := os.ReadFile(filepath.Join(out, "model.safetensors"))
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

// A folder that another training writes to, or that nothing fits into, is
// noticed before anything is learned.
func TestOutNoticedAtTheStart(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	require.NoError(t, os.Mkdir(out, 0o755))
	release, err := filelock.Folder(out)
	require.NoError(t, err)
	said := fails(t, 1, trainSmall(t, out))
	require.Contains(t, said, "in use by another process")
	require.NotContains(t, said, "no space")
	require.NoError(t, release())

	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	require.Contains(t, fails(t, 1, trainSmall(t, filepath.Join(file, "out"))), "not a directory")

	for options, says := range map[string]string{"size=600k": "no space left on device", "size=4m": "no space left on device", "ro": "read-only file system"} {
		t.Run(options, func(t *testing.T) {
			inner := trainSmall(t, out)
			cmd := exec.Command("unshare", append([]string{"-rm", "sh", "-c", `mount -t tmpfs -o "$0" none "$1" || exit 77; shift; exec "$@"`, options, out}, inner.Args...)...)
			cmd.Env = inner.Env
			var stdout, stderr strings.Builder
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			err := cmd.Run()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() == 77 {
				t.Skip("nothing can be mounted here:", err, stderr.String())
			}
			require.Equal(t, 1, exit.ExitCode(), stderr.String())
			require.Contains(t, stderr.String(), says)
			require.NotContains(t, stdout.String(), "epoch 1")
		})
	}
}
