package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/spikelane/spikelane/train"
)

// curve is how the training goes.
type curve struct {
	of, epochs int
	bar        *progressbar.ProgressBar
	started    time.Time
	seen       int // samples

	epoch, piece sums // of the epoch, and of the piece that the next point is for
	points       []point
}

// sums are over some samples.
type sums struct {
	samples, right int
	loss           float64
}

func (s *sums) add(p train.Stats) {
	s.samples += p.Samples
	s.right += p.Correct
	s.loss += float64(p.Loss * float64(p.Samples))
}

func (s sums) means() (loss, accuracy float64) {
	return s.loss / float64(s.samples), float64(s.right) / float64(s.samples)
}

// point is a part of the training.
type point struct{ epoch, loss, accuracy float64 }

// add is called after every step.
func (c *curve) add(p train.Progress) error {
	c.epoch.add(p.Stats)
	c.piece.add(p.Stats)
	c.seen += p.Stats.Samples
	loss, accuracy := c.epoch.means()
	var rates []string
	for layer, rate := range p.Stats.Rates {
		rates = append(rates, fmt.Sprintf("%s %.1f %%", layer, 100*rate))
	}
	slices.Sort(rates)
	text := fmt.Sprintf("epoch %d of %d, loss %.4f, %.2f %% right, spikes %s", p.Epoch+1, c.epochs, loss, 100*accuracy, strings.Join(rates, " "))
	c.bar.Describe(text)
	c.bar.Add(p.Stats.Samples)
	done := p.Offset >= c.of
	if done || c.piece.samples >= c.of/10 {
		loss, accuracy := c.piece.means()
		c.points = append(c.points, point{float64(p.Epoch) + float64(p.Offset)/float64(c.of), loss, accuracy})
		c.piece = sums{}
	}
	if done {
		printf("%s, %.1f s\n", text, time.Since(c.started).Seconds())
		c.epoch = sums{}
	}
	return nil
}
