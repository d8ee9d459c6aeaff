package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// peer is a Python process that holds one framework's work ready. See
// bench/peers/common.py for what is said between us.
type peer struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

// noAVX512 holds the frameworks' libraries to AVX2 on machines that have more.
// What torch compiled for wider vectors must not be taken from its cache: run with
// AVX2, it leaves out half of all numbers.
var noAVX512 = []string{
	"ATEN_CPU_CAPABILITY=avx2", "MKL_ENABLE_INSTRUCTIONS=AVX2", "ONEDNN_MAX_CPU_ISA=AVX2", "OPENBLAS_CORETYPE=Haswell",
	"TORCHINDUCTOR_CPP_SIMDLEN=256", "TORCHINDUCTOR_CACHE_DIR=" + filepath.Join(os.TempDir(), "torchinductor-avx2"),
}

// cell is one way of a framework to do some work.
type cell struct {
	Framework string         `json:"framework"`
	Mode      string         `json:"mode"`
	Workload  string         `json:"workload"`
	Params    map[string]any `json:"params"`
	Parts     int            `json:"parts"` // of a run, whose time is that of one
	Notes     string         `json:"notes"`
	Spikes    int            `json:"spikes"` // of a run, where the input is ours
	Failed    string         `json:"failed"`
}

// start runs a script of bench/peers for a comparison. An input is the
// file of one, if the others get ours.
func start(python, script, isa string, c comparison, skip, input string, log io.Writer) (*peer, error) {
	threads := c.threads
	args := []string{filepath.Base(script), "--threads", strconv.Itoa(threads), "--workloads", c.workload}
	for _, option := range [][2]string{{"--only", c.only}, {"--skip", skip}, {"--currents", input}} {
		if option[1] != "" {
			args = append(args, option[:]...)
		}
	}
	command := exec.Command(python, args...)
	if threads == 1 {
		if taskset, err := exec.LookPath("taskset"); err == nil {
			command = exec.Command(taskset, append([]string{"-c", "0", python}, args...)...)
		}
	}
	n := strconv.Itoa(threads)
	command.Dir, command.Stderr = filepath.Dir(script), log
	command.Env = append(os.Environ(), "OMP_NUM_THREADS="+n, "MKL_NUM_THREADS="+n, "OPENBLAS_NUM_THREADS="+n,
		"JAX_PLATFORMS=cpu", "CUDA_VISIBLE_DEVICES=", "PYTHONWARNINGS=ignore", "PYTHONDONTWRITEBYTECODE=1",
		"XLA_FLAGS=--xla_cpu_multi_thread_eigen="+strconv.FormatBool(threads > 1))
	if isa == "avx2" {
		command.Env = append(command.Env, noAVX512...)
		for i, v := range command.Env {
			if strings.HasPrefix(v, "XLA_FLAGS=") {
				command.Env[i] = v + " --xla_cpu_max_isa=AVX2"
			}
		}
	}
	in, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &peer{command, in, bufio.NewReader(out)}, command.Start()
}

// next waits for the next cell that is ready or has failed; nil is the end.
func (p *peer) next() (*cell, error) {
	for {
		line, err := p.out.ReadString('\n')
		if err == io.EOF {
			return nil, p.command.Wait()
		}
		if err != nil {
			return nil, err
		}
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if word != "READY" && word != "FAILED" {
			continue // what a framework prints
		}
		c := &cell{}
		if err := json.Unmarshal([]byte(rest), c); err != nil {
			return nil, fmt.Errorf("compare: %s: %w", rest, err)
		}
		return c, nil
	}
}

// run runs the cell n times, and returns the mean and the most memory that the
// process has had, in KiB.
func (p *peer) run(n int) (time.Duration, int, error) {
	if _, err := fmt.Fprintf(p.in, "run %d\n", n); err != nil {
		return 0, 0, err
	}
	for {
		line, err := p.out.ReadString('\n')
		if err != nil {
			return 0, 0, err
		}
		var seconds float64
		var memory int
		if n, _ := fmt.Sscanf(line, "TIME %g %d", &seconds, &memory); n == 2 {
			return time.Duration(seconds * 1e9), memory, nil
		}
	}
}

// done lets the process go on to its next cell.
func (p *peer) done() error {
	_, err := io.WriteString(p.in, "next\n")
	return err
}
