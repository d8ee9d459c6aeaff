package spikelane_test

import (
	"context"
	"fmt"
	"maps"
	"math"
	"os"
	"reflect"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/neurons"
	"github.com/spikelane/spikelane/internal/random"
	"github.com/spikelane/spikelane/internal/slowtest"
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
	"github.com/spikelane/spikelane/train"
)

// elementwise are the functions of package simd whose arguments are slices of
// one length, their bits, and numbers.
var elementwise = map[string]any{
	"SpikeBits": simd.SpikeBits, "ReachBits": simd.ReachBits, "NonzeroBits": simd.NonzeroBits, "Spike": simd.Spike, "Unpack": simd.Unpack,
	"Add": simd.Add, "Multiply": simd.Multiply, "Divide": simd.Divide, "Quotient": simd.Quotient, "ScaleShift": simd.ScaleShift, "Exp": simd.Exp, "Log": simd.Log,
	"SGD": simd.SGD, "SGDNesterov": simd.SGDNesterov, "Adam": simd.Adam, "Adamax": simd.Adamax, "RMSprop": simd.RMSprop,
	"SuperSpikeDerivative": simd.SuperSpikeDerivative, "SigmoidDerivative": simd.SigmoidDerivative, "PiecewiseDerivative": simd.PiecewiseDerivative,
	"ATanDerivative": simd.ATanDerivative, "FastSigmoidDerivative": simd.FastSigmoidDerivative, "SoftSignDerivative": simd.SoftSignDerivative,
	"SuperSpikeScaledDerivative": simd.SuperSpikeScaledDerivative, "NonzeroSignLogAbsDerivative": simd.NonzeroSignLogAbsDerivative,
	"CauchyDerivative": simd.CauchyDerivative, "CircDerivative": simd.CircDerivative, "QPseudoSpikeDerivative": simd.QPseudoSpikeDerivative,
	"SquarewaveFourierDerivative": simd.SquarewaveFourierDerivative, "TriangleDerivative": simd.TriangleDerivative, "ExponentialDerivative": simd.ExponentialDerivative,
	"SpikeRateEscapeDerivative": simd.SpikeRateEscapeDerivative, "TanhDerivative": simd.TanhDerivative, "ErfDerivative": simd.ErfDerivative,
	"HeaviErfcDerivative": simd.HeaviErfcDerivative, "GaussianDerivative": simd.GaussianDerivative, "MultiGaussianDerivative": simd.MultiGaussianDerivative,
	"PeriodicExponentialDerivative": simd.PeriodicExponentialDerivative, "BoxDerivative": simd.BoxDerivative, "BoxHalfEdgeDerivative": simd.BoxHalfEdgeDerivative,
	"StraightThroughDerivative": simd.StraightThroughDerivative, "SignedThresholdDerivative": simd.SignedThresholdDerivative, "LeakySpikeDerivative": simd.LeakySpikeDerivative,
	"LeakyKReLUDerivative": simd.LeakyKReLUDerivative, "LogTailedReLUDerivative": simd.LogTailedReLUDerivative,
	"FakeNumericalGradientDerivative": simd.FakeNumericalGradientDerivative, "ShiftedFastSigmoidDerivative": simd.ShiftedFastSigmoidDerivative,
	"S2NNDerivative": simd.S2NNDerivative, "OneSidedDerivative": simd.OneSidedDerivative,
}

// chores are public calls over large inputs, by their names: what of package
// simd is not in elementwise has the name of its function.
func chores(t *testing.T, large int) map[string]func() {
	arrays := make([][]float32, 7)
	for a := range arrays {
		arrays[a] = make([]float32, large)
		for i := range arrays[a] {
			arrays[a][i] = float32((i*7+a)%1000)/250 - 2
		}
	}
	words := make([]uint64, large/64)
	for i := range words {
		words[i] = 0xf731_0ff1_5a5a_ffff
	}
	x := arrays[0]
	all := map[string]func(){}
	for name, f := range elementwise {
		v, used := reflect.ValueOf(f), 0
		var args []reflect.Value
		for i := range v.Type().NumIn() {
			switch v.Type().In(i) {
			case reflect.TypeFor[float32]():
				args = append(args, reflect.ValueOf(float32(0.5)))
			case reflect.TypeFor[[]uint64]():
				args = append(args, reflect.ValueOf(words))
			case reflect.TypeFor[simd.AdamNumbers](), reflect.TypeFor[simd.AdamaxNumbers](), reflect.TypeFor[simd.RMSpropNumbers]():
				args = append(args, reflect.Zero(v.Type().In(i)))
			default:
				used++
				args = append(args, reflect.ValueOf(arrays[used%len(arrays)]))
			}
		}
		all[name] = func() { v.Call(args) }
	}
	products(all, arrays, words)
	compiled(all, large)
	networks(t, all, large)
	image := tensor.Of(x[:large/16], 16, large/256)
	for i := range image.Data {
		image.Data[i] = float32(i%17) / 16
	}
	must := func(err error) { require.NoError(t, err) }
	all["encode.Rate"] = func() { _, err := encode.Rate(image, 4, 0, 1, nil); must(err) }
	all["encode.Latency"] = func() { _, err := encode.Latency(image, 16, 0.01); must(err) }
	all["encode.Delta"] = func() {
		_, err := encode.Delta(tensor.Of(image.Data, 16, 1, large/256), 0.25)
		must(err)
	}
	all["encode.Population"] = func() { _, err := encode.Population(image, 4, 0, 1); must(err) }
	all["tensor.Spikes.Dense"] = func() { (&tensor.Spikes{T: 1, B: 1, Features: tensor.Shape{large}, Bits: words}).Dense() }
	return all
}

// products are the calls of matrix products, lists and pools.
func products(all map[string]func(), arrays [][]float32, words []uint64) {
	large := len(arrays[0])
	side := int(math.Sqrt(float64(large))) &^ 63
	square := simd.Pack(arrays[1][:side*side], side, side)
	narrow := simd.Pack(arrays[1][:side*8], 8, side)
	x, dst := arrays[0], arrays[2]
	bias := make([]float32, side)
	all["Pack"] = func() { simd.Pack(arrays[1][:side*side], side, side) }
	all["Panels.Transposed"] = func() { square.Transposed() }
	var room simd.Panels
	all["Panels.Resize"] = func() { room.Resize(side, side-1) }
	all["Panels.Dense"] = func() { square.Dense(dst, side, bias, 0, x, side, side/4, side, 0) }
	all["Panels.Dense, 8 outputs"] = func() { narrow.Dense(dst, 8, bias[:8], 0, x, side, side, side, 0) }
	all["Panels.DenseAt"] = func() { square.DenseAt(dst[:side/4*side], side/4, 0, bias, x, side/4) }
	all["Panels.FillBias"] = func() { square.FillBias(dst[:side*side], side, bias) }
	all["Panels.ChannelsFirst"] = func() { square.ChannelsFirst(dst[:side*side], x[:side*side], side) }
	all["Panels.SetRow"] = func() {
		for k := range 64 {
			square.SetRow(k, x, side)
		}
	}
	for _, active := range []int{side / 2, side} {
		var rows []int
		var index []int32
		rows = append(rows, 0)
		for range 256 {
			for k := range active {
				index = append(index, int32(k*side/active))
			}
			rows = append(rows, len(index))
		}
		all[fmt.Sprintf("Panels.Gather, %d active", active)] = func() { square.Gather(dst, side, bias, 0, rows, index, nil, 0) }
		all[fmt.Sprintf("Panels.Gather, %d values", active)] = func() { square.Gather(dst, side, bias, 0, rows, index, x[:len(index)], 0) }
		all[fmt.Sprintf("Panels.Gather, %d to 8 outputs", active)] = func() { narrow.Gather(dst, 8, bias[:8], 0, rows, index, nil, 0) }
	}
	for _, kernel := range []int{3, 11, 120} {
		const plane = 256
		kernels := simd.Pack(arrays[1][:32*kernel*kernel], 32, kernel*kernel)
		var patches []simd.Patch
		for i := range 1000 {
			out := i * 61 % (plane - kernel) * plane
			patches = append(patches, simd.Patch{Out: int32(out + i%(plane-kernel)), Rows: int32(kernel), Cols: int32(kernel), Value: 1})
		}
		steps := simd.Steps{WeightRow: kernel, WeightCol: 1, OutRow: plane, OutCol: 1}
		all[fmt.Sprintf("Panels.Scatter, %d x %d", kernel, kernel)] = func() { kernels.Scatter(dst[:plane*plane*32], plane*plane, patches, steps) }
	}
	index, rows := make([]int32, large+simd.ListRoom), make([]int, 17)
	all["ListRows"] = func() { simd.ListRows(index, rows, words, len(words)/16) }
	for _, window := range [][3]int{{1, 3, 3}, {2, 2, 2}, {1, 200, 200}, {2, 400, 400}} {
		all[fmt.Sprintf("SumPool, %v", window)] = func() {
			simd.SumPool(dst[:side*4], x, window[0], window[1], window[2], large/window[1]-4)
		}
	}
}

// compiled are the kernels of neurons, forward and back.
func compiled(all map[string]func(), large int) {
	const n, steps = 16384, 64
	r := random.New(1, "pause")
	numbers := make([]float32, 8*n*steps)
	for i := range numbers {
		numbers[i] = float32(r.Uniform(0, uint64(i>>20), uint32(i&(1<<20-1))))
	}
	for neuron := range simd.Neuron(simd.Neurons) {
		for _, k := range []*simd.Kernel{neuron.Forward(), neuron.Backward()} {
			panel := func(arrays int) []float32 {
				return make([]float32, simd.Layout{N: n, Arrays: arrays, Lanes: k.Lanes}.Size())
			}
			c := &simd.Call{N: n, Steps: steps, Optional: true, State: panel(k.States), Params: panel(k.Params), Sums: panel(k.Sums)}
			copy(c.Params, numbers)
			for _, kind := range k.Streams {
				s := simd.Stream{Stride: tensor.Words(n)}
				if kind.Role == simd.RoleSpikes {
					s.Bits = make([]uint64, steps*s.Stride)
				} else {
					s.Stride = kind.Arrays * simd.Padded(n)
					s.Floats = numbers[:steps*s.Stride]
				}
				c.Streams = append(c.Streams, s)
			}
			run, name := neuron.Advance, "Neuron.Advance"
			if k.Back {
				run, name = neuron.Back, "Neuron.Back"
			}
			all[name+", "+k.Name] = func() { run(c) }
		}
	}
}

// networks run and learn.
func networks(t *testing.T, all map[string]func(), large int) {
	add := func(name string, in tensor.Shape, steps, batch int, layers ...snn.Layer) {
		layers = append(layers, snn.Flatten{}, snn.Linear{Out: 16}, snn.LI{})
		g, err := forward.Sequential(in, layers...)
		require.NoError(t, err)
		m, err := g.Init(1)
		require.NoError(t, err)
		dense := tensor.New(append(tensor.Shape{steps, batch}, in...)...)
		for i := range dense.Data {
			dense.Data[i] = float32(i*7919%13) / 12
		}
		spikes := tensor.NewSpikes(steps, batch, in...)
		for i := range spikes.Bits {
			spikes.Bits[i] = 0x1042_0810_2004_1081
		}
		if n := in.Size() % 64; n != 0 {
			require.FailNow(t, "pad bits")
		}
		for kind, x := range map[string]tensor.Signal{"numbers": dense, "spikes": spikes} {
			all["forward, "+name+", "+kind] = func() {
				_, err := m.Run(context.Background(), m.NewState(batch), x)
				require.NoError(t, err)
			}
			trainer, err := train.New(m, train.Config{Loss: train.CrossEntropy{}, Optimizer: train.Adam{}, LearningRate: 1e-6})
			require.NoError(t, err)
			all["train, "+name+", "+kind] = func() {
				_, err := trainer.Step(context.Background(), train.Batch{Inputs: []tensor.Signal{x}, Targets: make([]train.Target, batch)})
				require.NoError(t, err)
			}
		}
	}
	lif := snn.LIF{Decay: 0.9}
	texts, err := snn.Written(snn.EIF{}, tensor.Shape{1024})
	require.NoError(t, err)
	wide := large / 16 / 64 // numbers of a sample and step, where there are 16 samples
	add("mlp", tensor.Shape{1024}, 16, 64, snn.Linear{Out: 1024}, lif, snn.Linear{Out: 1024}, lif)
	add("text", tensor.Shape{1024}, 16, 64, texts[0])
	add("conv", tensor.Shape{4, 64, 64}, 4, 8, snn.Conv2d{Out: 16, Kernel: snn.Size{5, 5}}, lif, snn.SumPool2d{Kernel: snn.Size{2, 2}}, snn.Conv2d{Out: 32, Kernel: snn.Size{3, 3}}, lif)
	add("wide", tensor.Shape{wide}, 16, 4, snn.Scale{Factor: 0.5}, snn.LayerNorm{}, lif, snn.Delay{Steps: 3})
	add("pools", tensor.Shape{1, 512, wide / 512}, 16, 4, snn.MaxPool2d{Kernel: snn.Size{2, 2}}, snn.AvgPool2d{Kernel: snn.Size{2, 2}}, lif)
	for _, n := range neurons.All() {
		if n.Name == "LIF, subtract, this step" || n.Name == "Izhikevich, 2 substeps" {
			add(n.Name, tensor.Shape{wide}, 16, 4, n.Layer)
		}
	}
}

// stops are how long collections waited for goroutines to stop, one after
// another, while work runs.
type stops struct {
	counts []uint64
	bounds []float64
}

func readStops() stops {
	s := []metrics.Sample{{Name: "/sched/pauses/stopping/gc:seconds"}}
	metrics.Read(s)
	h := s[0].Value.Float64Histogram()
	return stops{append([]uint64{}, h.Counts...), h.Buckets}
}

// collecting collects garbage while work runs, for a time.
func collecting(work func(), d time.Duration) stops {
	var done atomic.Bool
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for !done.Load() {
			work()
		}
	}()
	before := readStops()
	for end := time.Now().Add(d); time.Now().Before(end); {
		runtime.GC()
	}
	after := readStops()
	done.Store(true)
	<-ended
	for i := range after.counts {
		after.counts[i] -= before.counts[i]
	}
	return after
}

// over is how many stops took longer, and how many there were.
func (s stops) over(d time.Duration) (long, all uint64) {
	for i, n := range s.counts {
		all += n
		if s.bounds[i] >= d.Seconds() {
			long += n
		}
	}
	return long, all
}

// and are both together.
func (s stops) and(other stops) stops {
	sum := stops{slices.Clone(other.counts), other.bounds}
	for i, n := range s.counts {
		sum.counts[i] += n
	}
	return sum
}

// share of the stops that took longer.
func (s stops) share(d time.Duration) float64 {
	long, all := s.over(d)
	return float64(long) / float64(max(1, all))
}

// control is a loop in pure Go.
func control() {
	x := uint32(1)
	for range 1 << 22 {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
	}
	sink.Store(x)
}

var sink atomic.Uint32

// A collection of garbage waits for nothing public longer than it does for a
// loop in pure Go, whatever the size of the input: assembly runs in pieces, and
// between them the scheduler can stop it. Other programs hold collections up,
// too, on a busy machine: what is found once is looked for again, for longer.
func TestNothingHoldsUpCollections(t *testing.T) {
	slowtest.Clock(t)
	if testing.Short() || os.Getenv("SPIKELANE_EMULATED") != "" || runtime.GOMAXPROCS(0) < 2 {
		t.Skip("it takes half a minute, gigabytes, and a processor for each of two goroutines")
	}
	const long = time.Millisecond
	all := chores(t, 16<<20)
	var held, beside stops
	for _, name := range slices.Sorted(maps.Keys(all)) {
		const tries = 6
		for try := range tries + 1 {
			d := 25*time.Millisecond + time.Duration(try)*150*time.Millisecond
			h, c := collecting(all[name], d), collecting(control, d)
			held, beside = held.and(h), beside.and(c)
			if h.share(long) <= c.share(long)+0.1 {
				break
			}
			require.Less(t, try, tries, "%s: the share of stops above %v is %.2f, beside a loop in pure Go %.2f", name, long, h.share(long), c.share(long))
		}
	}
	longStops, allStops := held.over(long)
	require.Greater(t, allStops, uint64(1000))
	t.Logf("%d of %d stops above %v, %.2f %%; beside a loop in pure Go %.2f %%", longStops, allStops, long, 100*held.share(long), 100*beside.share(long))
	require.LessOrEqual(t, held.share(long), beside.share(long)+0.05)
}

// notLarge are the exported functions of package simd that no large input goes
// through: they count, make room, or read one number.
var notLarge = []string{
	"Groups", "Padded", "Tier", "Tiers", "Use", "AllocStaggered", "NewProgram", "Neuron.Forward", "Neuron.Backward", "Program.Kernel",
	"Layout.Size", "Layout.At", "Layout.Get", "Layout.Put", "Panels.At", "Panels.Columns", "Panels.Pad", "Panels.Stride",
}

// Every exported function of package simd is among the chores of the test above,
// or does nothing large. A program runs in the layers that are texts.
func TestChoresAreAllOfSimd(t *testing.T) {
	all := chores(t, 1<<22)
	called := map[string]bool{"Program.Run": true}
	for name := range all {
		name, _, _ = strings.Cut(name, ",")
		called[name] = true
	}
	names := exported(t, "simd")
	require.Greater(t, len(names), 60)
	for _, f := range names {
		require.NotEqual(t, called[f.name], slices.Contains(notLarge, f.name), "%s", f.name)
	}
}
