// Package limits measures what this machine can do at the most, so that a
// kernel can be compared with what is possible.
package limits

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spikelane/spikelane/bench/clock"
)

// Limits are what one core can do, and of memory also what all can.
type Limits struct {
	FMA, Add, Mixed float64 // numbers a nanosecond: each operation is on vectors
	Div, Sqrt       float64
	Floor           float64
	Compare, Choose float64
	Levels          []Level // caches, nearest first, and memory last
}

// Level is a cache, or memory.
type Level struct {
	Name     string
	Size     int     // bytes of the cache; 0 of memory
	Set      int     // bytes that are read to measure it
	Read     float64 // bytes a nanosecond, one core
	ReadAll  float64 // on all cores given, each with bytes of its own
	AllCores int
}

// Available reports whether there are kernels to measure with: AVX2 or NEON.
func Available() bool { return haveSIMD }

// cacheSizes are taken where the system does not say.
var cacheSizes = []int{32 << 10, 512 << 10, 16 << 20}

// Caches are the sizes in bytes of the first, second and third level.
func Caches() []int {
	sizes := append([]int(nil), cacheSizes...)
	for index := range 8 {
		read := func(name string) string {
			b, _ := os.ReadFile(fmt.Sprintf("/sys/devices/system/cpu/cpu0/cache/index%d/%s", index, name))
			return strings.TrimSpace(string(b))
		}
		level, err := strconv.Atoi(read("level"))
		if err != nil || read("type") == "Instruction" || level < 1 || level > 3 {
			continue
		}
		if n, err := strconv.Atoi(strings.TrimSuffix(read("size"), "K")); err == nil {
			sizes[level-1] = n << 10
		}
	}
	return sizes
}

// maxMemorySet bounds what is read to measure memory.
const maxMemorySet = 1 << 30

// Levels are the caches and memory, not yet measured. Half of a cache is read;
// of a third level that many cores share, a few megabytes, and of memory twice
// the last cache, as far as that is sensible.
func Levels() []Level {
	c := Caches()
	return []Level{
		{Name: "L1", Size: c[0], Set: c[0] / 2},
		{Name: "L2", Size: c[1], Set: c[1] / 2},
		{Name: "L3", Size: c[2], Set: min(max(4*c[1], c[2]/4), 8<<20)},
		{Name: "DRAM", Set: min(max(2*c[2], 256<<20), maxMemorySet)},
	}
}

// Measure takes about a second and a half, on cores at once for [Level.ReadAll].
func Measure(cores int, each time.Duration) Limits {
	const rounds = 2000
	rate := func(run func(int)) float64 {
		d := clock.Median(func() { run(rounds) }, each)
		return rounds * chains * lanes / float64(d.Nanoseconds())
	}
	l := Limits{
		FMA: rate(fmaSIMD), Add: rate(addSIMD), Mixed: rate(mixedSIMD), Div: rate(divSIMD), Sqrt: rate(sqrtSIMD),
		Floor: rate(floorSIMD), Compare: rate(compareSIMD), Choose: rate(chooseSIMD), Levels: Levels(),
	}
	for i := range l.Levels {
		v := &l.Levels[i]
		v.Read = float64(v.Set) / float64(NewStream(1, 0, v.Set).Time(each).Nanoseconds())
		v.ReadAll, v.AllCores = readAll(v.Set, cores, each), cores
	}
	return l
}

// readAll reads on several cores at once.
func readAll(set, cores int, each time.Duration) float64 {
	streams := make([]*Stream, cores)
	for i := range streams {
		streams[i] = NewStream(1, 0, set)
	}
	passes := max(1, 1<<28/set) // one start of goroutines for many reads of a small set
	d := clock.Median(func() {
		var group sync.WaitGroup
		for _, s := range streams {
			group.Go(func() {
				for range passes {
					s.Move()
				}
			})
		}
		group.Wait()
	}, each)
	return float64(set*cores*passes) / float64(d.Nanoseconds())
}

// Issue is the time in nanoseconds that operations take with all units busy:
// they share units, so that those of slower kinds add up.
func (l Limits) Issue(plain, floors, comparisons, choices float64) float64 {
	return plain/l.Mixed + floors/l.Floor + comparisons/l.Compare + choices/l.Choose
}

// LevelOf is the index of the nearest level that holds a working set.
func (l Limits) LevelOf(bytes int) int {
	for i, v := range l.Levels {
		if v.Size > 0 && bytes <= v.Size*3/4 {
			return i
		}
	}
	return len(l.Levels) - 1
}

// Stream moves arrays: it reads some, writes others, and computes nothing.
type Stream struct {
	reads, writes int
	arrays        [MaxReads + MaxWrites][]float32
}

// NewStream moves arrays that are set bytes in all. More arrays than streams
// know are moved by fewer, longer ones.
func NewStream(reads, writes, set int) *Stream {
	s := &Stream{reads: min(max(reads, 1), MaxReads), writes: min(writes, MaxWrites)}
	n := max(block, set/4/(s.reads+s.writes)/block*block)
	for i := range s.arrays {
		if i < s.reads || i >= MaxReads && i < MaxReads+s.writes {
			s.arrays[i] = make([]float32, n)
			for j := range s.arrays[i] {
				s.arrays[i][j] = 1
			}
		}
	}
	return s
}

// callNumbers bounds a call: assembly cannot be interrupted.
const callNumbers = 1 << 15

// Move moves everything once.
func (s *Stream) Move() {
	move, n := streams[s.reads-1][s.writes], len(s.arrays[0])
	for at := 0; at < n; at += callNumbers {
		var part [MaxReads + MaxWrites][]float32
		for i, a := range s.arrays {
			if a != nil {
				part[i] = a[at:min(at+callNumbers, n)]
			}
		}
		move(part[0], part[1], part[2], part[3], part[4], part[5], part[6])
	}
}

// Time is the median time of a Move.
func (s *Stream) Time(atLeast time.Duration) time.Duration { return clock.Median(s.Move, atLeast) }
