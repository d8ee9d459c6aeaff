package hdf5

// Sizes of a group's index: a leaf holds up to 2*leafRank links, a node of the
// B-tree above up to 2*treeRank children. These are the library's own.
const (
	leafRank = 4
	treeRank = 16
)

// child is a part of a group's index.
type child struct {
	address int
	last    uint64 // where the last name in it is, in the heap of names
}

// symbolTable writes the index of a group's links, which are sorted by name.
func (w *writer) symbolTable(links []link) []message {
	heap := make([]byte, 8) // begins with the empty name
	names := make([]uint64, len(links))
	for i, l := range links {
		names[i] = uint64(len(heap))
		heap = append(heap, l.name...)
		heap = append(heap, make([]byte, align(len(heap)+1)-len(heap))...)
	}
	tree := w.symbolTree(w.symbols(links, names))
	data := w.put(heap)
	head := []byte("HEAP\x00\x00\x00\x00")
	head = le.AppendUint64(head, uint64(len(heap)))
	head = le.AppendUint64(head, 1) // nothing is free
	head = le.AppendUint64(head, uint64(data))

	body := le.AppendUint64(nil, uint64(tree))
	body = le.AppendUint64(body, uint64(w.put(head)))
	return []message{{kind: symbolTableMessage, body: body}}
}

// symbols writes the leaves.
func (w *writer) symbols(links []link, names []uint64) []child {
	var leaves []child
	for len(links) > 0 {
		n := min(2*leafRank, len(links))
		b := []byte("SNOD\x01\x00")
		b = le.AppendUint16(b, uint16(n))
		for i, l := range links[:n] {
			b = le.AppendUint64(b, names[i])
			b = le.AppendUint64(b, l.address)
			b = append(b, make([]byte, 4+4+16)...) // nothing is cached
		}
		b = append(b, make([]byte, 8+2*leafRank*40-len(b))...)
		leaves = append(leaves, child{w.put(b), names[n-1]})
		links, names = links[n:], names[n:]
	}
	return leaves
}

// symbolTree writes the B-tree above the leaves, level by level, and returns
// the address of its root.
func (w *writer) symbolTree(children []child) int {
	const size = 24 + 2*treeRank*16 + 8
	for level := byte(0); ; level++ {
		nodes := max(1, (len(children)+2*treeRank-1)/(2*treeRank))
		begin := w.alloc(nodes * size)
		var parents []child
		before := uint64(0) // the last name of the nodes to the left
		for i := range nodes {
			n := min(2*treeRank, len(children))
			left, right := uint64(undefined), uint64(undefined)
			if i > 0 {
				left = uint64(begin + (i-1)*size)
			}
			if i < nodes-1 {
				right = uint64(begin + (i+1)*size)
			}
			b := append(w.b[:begin+i*size], "TREE"...)
			b = append(b, groupTree, level)
			b = le.AppendUint16(b, uint16(n))
			b = le.AppendUint64(b, left)
			b = le.AppendUint64(b, right)
			b = le.AppendUint64(b, before)
			for _, c := range children[:n] {
				b = le.AppendUint64(b, uint64(c.address))
				b = le.AppendUint64(b, c.last)
				before = c.last
			}
			parents = append(parents, child{begin + i*size, before})
			children = children[n:]
		}
		if nodes == 1 {
			return begin
		}
		children = parents
	}
}
