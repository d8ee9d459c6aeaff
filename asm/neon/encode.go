package neon

import "fmt"

// encoding is an instruction that Go's assembler does not know: it is written
// as a word, with its ARM text beside it, which a test decodes again. All work
// on four floats, or on all sixteen bytes.
type encoding struct {
	name  string
	base  uint32 // with all registers 0
	lanes string
}

// Instructions on d, n and m: d = n op m.
var (
	FADD  = encoding{"fadd", 0x4E20D400, "4s"}
	FSUB  = encoding{"fsub", 0x4EA0D400, "4s"}
	FMUL  = encoding{"fmul", 0x6E20DC00, "4s"}
	FDIV  = encoding{"fdiv", 0x6E20FC00, "4s"}
	FCMEQ = encoding{"fcmeq", 0x4E20E400, "4s"}
	FCMGE = encoding{"fcmge", 0x6E20E400, "4s"}
	FCMGT = encoding{"fcmgt", 0x6EA0E400, "4s"}
	BIC   = encoding{"bic", 0x4E601C00, "16b"}
)

// Instructions on d and n: d = op n.
var (
	FABS   = encoding{"fabs", 0x4EA0F800, "4s"}
	FSQRT  = encoding{"fsqrt", 0x6EA1F800, "4s"}
	FRINTM = encoding{"frintm", 0x4E219800, "4s"} // floor
	MVN    = encoding{"mvn", 0x6E205800, "16b"}
)

// Three writes d = n op m.
func (f *File) Three(e encoding, d, n, m V) {
	f.word(e.base|uint32(m)<<16|uint32(n)<<5|uint32(d), fmt.Sprintf("%s v%d.%s, v%d.%s, v%d.%s", e.name, d, e.lanes, n, e.lanes, m, e.lanes))
}

// Two writes d = op n.
func (f *File) Two(e encoding, d, n V) {
	f.word(e.base|uint32(n)<<5|uint32(d), fmt.Sprintf("%s v%d.%s, v%d.%s", e.name, d, e.lanes, n, e.lanes))
}

func (f *File) word(bits uint32, arm string) {
	f.I("WORD", text(fmt.Sprintf("$0x%08x // %s", bits, arm)))
}
