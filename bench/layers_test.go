package bench

import (
	"testing"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// BenchmarkLayers runs 16 steps of a batch of 8, layers one by one.
func BenchmarkLayers(b *testing.B) {
	flat, planes := tensor.Shape{16, 8, 1024}, tensor.Shape{16, 8, 16, 64}
	for _, c := range []struct {
		name  string
		layer snn.Layer
		shape tensor.Shape
	}{
		{"Scale", snn.Scale{Factor: 2}, flat},
		{"BatchNorm", snn.BatchNorm{}, planes},
		{"LayerNorm", snn.LayerNorm{}, flat},
		{"Delay", snn.Delay{Steps: 3}, flat},
		{"SpikeCounter", snn.SpikeCounter{}, flat},
		{"Conv1d", snn.Conv1d{Out: 16, Kernel: 5, Padding: 2}, planes},
		{"SumPool1d", snn.SumPool1d{Kernel: 2}, planes},
		{"AvgPool1d", snn.AvgPool1d{Kernel: 2}, planes},
		{"MaxPool1d", snn.MaxPool1d{Kernel: 2}, planes},
		{"Residual", forward.Residual{Layer: snn.LIF{}}, flat},
		{"Feedback", forward.Feedback{Layer: snn.LIF{}, Back: snn.Scale{Factor: 0.5}}, flat},
	} {
		b.Run(c.name, func(b *testing.B) {
			g, err := forward.Sequential(c.shape[2:], c.layer)
			if err != nil {
				b.Fatal(err)
			}
			m, err := g.Init(1)
			if err != nil {
				b.Fatal(err)
			}
			x := tensor.New(c.shape...)
			for i := range x.Data {
				x.Data[i] = float32(i*7%11) / 8
			}
			s := m.NewState(c.shape[1])
			b.ReportAllocs()
			for b.Loop() {
				if _, err := m.Run(b.Context(), s, x); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(x.Data)), "ns/feature-step")
		})
	}
}
