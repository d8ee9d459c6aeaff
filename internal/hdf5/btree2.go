package hdf5

import "math/bits"

// Kinds of records in B-trees of version 2.
const (
	linkRecords      = 5
	attributeRecords = 8
	plainChunks      = 10
	filteredChunks   = 11
)

// tree2 is a B-tree of version 2, whose nodes hold records.
type tree2 struct {
	*file
	kind, nodeSize, recordSize int
	most                       []uint64 // records in a node, by its level
	total                      []uint64 // records below a node and in it
	record                     func(*cursor) error
}

// tree2 calls record with every record of a B-tree.
func (f *file) tree2(address uint64, kind int, record func(*cursor) error) error {
	const size = 38
	c, err := f.checked(address, size, "BTHD")
	if err != nil {
		return err
	}
	if version := c.u8(); version != 0 {
		return unsupported("B-tree version %d", version)
	}
	if k := c.u8(); k != kind {
		return broken("B-tree at %d is of kind %d, not %d", address, k, kind)
	}
	t := &tree2{file: f, kind: kind, nodeSize: int(c.u32()), recordSize: c.u16(), record: record}
	depth := c.u16()
	c.skip(2) // when to split and to merge
	root, count := c.u64(), uint64(c.u16())
	if t.recordSize == 0 || t.nodeSize > len(f.b) || t.nodeSize < t.overhead()+t.recordSize || depth > maxDepth {
		return broken("B-tree at %d has nodes of %d bytes, records of %d, and %d levels", address, t.nodeSize, t.recordSize, depth+1)
	}
	t.measure(depth)
	if root == undefined {
		return nil
	}
	return t.node(root, depth, count)
}

// overhead is the bytes of a node besides records and children: signature,
// version, kind and checksum.
func (t *tree2) overhead() int { return 10 }

// measure finds how many records there may be, which tells the width of numbers
// that count them.
func (t *tree2) measure(depth int) {
	most := uint64((t.nodeSize - t.overhead()) / t.recordSize)
	t.most, t.total = []uint64{most}, []uint64{most}
	for level := 1; level <= depth; level++ {
		pointer := t.pointer(level)
		n := uint64(max(0, t.nodeSize-t.overhead()-pointer) / (t.recordSize + pointer))
		over, below := bits.Mul64(n+1, t.total[level-1])
		if over != 0 || below+n < below {
			below, n = undefined>>1, 0
		}
		t.most, t.total = append(t.most, n), append(t.total, below+n)
	}
}

// pointer is the bytes that a node of a level takes to point to a child.
func (t *tree2) pointer(level int) int { return 8 + t.counter() + t.totalCounter(level) }

func (t *tree2) counter() int { return width(t.most[0]) }

func (t *tree2) totalCounter(level int) int {
	if level < 2 {
		return 0 // the children are leaves
	}
	return width(t.total[level-1])
}

// width is the bytes of numbers up to a limit.
func width(limit uint64) int { return (bits.Len64(max(limit, 1))-1)/8 + 1 }

// node reads the records of a node and of those below it.
func (t *tree2) node(address uint64, level int, count uint64) error {
	signature := "BTLF"
	if level > 0 {
		signature = "BTIN"
	}
	if count > t.most[level] {
		return broken("B-tree node at %d has %d records", address, count)
	}
	n := t.overhead() + int(count)*t.recordSize
	if level > 0 {
		n += int(count+1) * t.pointer(level)
	}
	c, err := t.checked(address, uint64(n), signature)
	if err != nil {
		return err
	}
	if version, kind := c.u8(), c.u8(); version != 0 || kind != t.kind {
		return broken("B-tree node at %d is of version %d and kind %d", address, version, kind)
	}
	for range count {
		if err := t.record(&cursor{b: c.bytes(t.recordSize)}); err != nil {
			return err
		}
	}
	for range t.children(level, count) {
		child, n := c.u64(), c.uint(t.counter())
		c.skip(t.totalCounter(level))
		if err := t.node(child, level-1, n); err != nil {
			return err
		}
	}
	return c.err("B-tree node")
}

func (t *tree2) children(level int, count uint64) uint64 {
	if level == 0 {
		return 0
	}
	return count + 1
}
