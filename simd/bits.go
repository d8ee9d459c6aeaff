package simd

import "math/bits"

// ListRoom is how many numbers more than there are bits [ListRows] needs room
// for.
const ListRoom = 8

// callWords is how many words one call lists at the most.
const callWords = 1 << 12

// ListRows lists the places of the bits that are set in rows of words, ascending:
// those of row r are index[rows[r]:rows[r+1]]. rows has one number more than
// there are rows, of which the first says where the list begins, and the others
// are stored.
//
//	k := rows[0]
//	for r := range len(rows) - 1 {
//		for i := range 64 * words {
//			if bit i of set[r*words:][:words] {
//				index[k] = i
//				k++
//			}
//		}
//		rows[r+1] = k
//	}
//
// index must have room for [ListRoom] more, whose contents may change.
func ListRows(index []int32, rows []int, set []uint64, words int) {
	n := len(rows) - 1
	if n < 0 || words < 0 || words > 1<<25 || len(set) != n*words {
		panic(errRows)
	}
	if rows[0] < 0 {
		panic(errRows)
	}
	if room := len(index) - rows[0] - ListRoom; room < 64*len(set) {
		for _, w := range set {
			room -= bits.OnesCount64(w)
		}
		if room < 0 {
			panic(errRows)
		}
	}
	if !useSIMD {
		listRowsGeneric(index, rows, set, words)
		return
	}
	if words > callWords {
		for r := range n {
			listLongRow(index, rows[r:r+2], set[r*words:(r+1)*words])
		}
		return
	}
	some := max(1, callWords/max(words, 1))
	for r := 0; r < n; r += some {
		end := min(r+some, n)
		if r > 0 {
			interruptible()
		}
		listRowsSIMD(index, rows[r:end+1], set[r*words:end*words], words, bytePlaces[:], byteCounts[:])
	}
}

// listLongRow lists a row in parts, whose places count from where they begin.
func listLongRow(index []int32, rows []int, set []uint64) {
	part := [2]int{1: rows[0]}
	for from := 0; from < len(set); from += callWords {
		words := set[from:min(from+callWords, len(set))]
		part[0] = part[1]
		interruptible()
		listRowsSIMD(index, part[:], words, len(words), bytePlaces[:], byteCounts[:])
		for k := range index[part[0]:part[1]] {
			index[part[0]+k] += int32(64 * from)
		}
	}
	rows[1] = part[1]
}

func listRowsGeneric(index []int32, rows []int, set []uint64, words int) {
	k := rows[0]
	for r := range len(rows) - 1 {
		for j, w := range set[r*words : (r+1)*words] {
			for ; w != 0; w &= w - 1 {
				index[k] = int32(j<<6 + bits.TrailingZeros64(w))
				k++
			}
		}
		rows[r+1] = k
	}
}

// bytePlaces are the places of the bits of every byte, a byte each, and
// byteCounts how many they are.
var bytePlaces, byteCounts = func() (places [256]uint64, counts [256]uint8) {
	for b := range places {
		for i := range 8 {
			if b>>i&1 == 1 {
				places[b] |= uint64(i) << (8 * counts[b])
				counts[b]++
			}
		}
	}
	return places, counts
}()
