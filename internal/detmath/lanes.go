package detmath

// lanes are sums of float64, number i in lane i%8.
type lanes [8]float64

func (l *lanes) total() float64 {
	return ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]))
}

// Sum adds numbers in eight lanes, number i in lane i%8, and the lanes as a
// tree.
func Sum(values []float32) float64 {
	var l lanes
	for ; len(values) >= len(l); values = values[len(l):] {
		for k, v := range (*[8]float32)(values) {
			l[k] += float64(v)
		}
	}
	for k, v := range values {
		l[k] += float64(v)
	}
	return l.total()
}

// SumSquares adds, in the same lanes, the squares of the distances from a mean.
func SumSquares(values []float32, mean float64) float64 {
	var l lanes
	for ; len(values) >= len(l); values = values[len(l):] {
		for k, v := range (*[8]float32)(values) {
			d := float64(v) - mean
			l[k] += float64(d * d)
		}
	}
	for k, v := range values {
		d := float64(v) - mean
		l[k] += float64(d * d)
	}
	return l.total()
}
