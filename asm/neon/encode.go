package neon

import "fmt"

// Encoding is an instruction that Go's assembler does not know: it is written
// as a word, with its ARM text beside it, which a test decodes again. All work
// on four floats, or on all sixteen bytes.
type Encoding struct {
	name     string
	base     uint32 // with all registers 0
	lanes    string
	operands int
}

// The encodings: d = n op m, or d = op n.
var (
	FADD   = Encoding{"fadd", 0x4E20D400, "4s", 3}
	FSUB   = Encoding{"fsub", 0x4EA0D400, "4s", 3}
	FMUL   = Encoding{"fmul", 0x6E20DC00, "4s", 3}
	FDIV   = Encoding{"fdiv", 0x6E20FC00, "4s", 3}
	FCMEQ  = Encoding{"fcmeq", 0x4E20E400, "4s", 3}
	FCMGE  = Encoding{"fcmge", 0x6E20E400, "4s", 3}
	FCMGT  = Encoding{"fcmgt", 0x6EA0E400, "4s", 3}
	BIC    = Encoding{"bic", 0x4E601C00, "16b", 3}
	FABS   = Encoding{"fabs", 0x4EA0F800, "4s", 2}
	FSQRT  = Encoding{"fsqrt", 0x6EA1F800, "4s", 2}
	FRINTM = Encoding{"frintm", 0x4E219800, "4s", 2} // floor
	MVN    = Encoding{"mvn", 0x6E205800, "16b", 2}
)

// Encodings are all of them.
var Encodings = []Encoding{FADD, FSUB, FMUL, FDIV, FCMEQ, FCMGE, FCMGT, BIC, FABS, FSQRT, FRINTM, MVN}

// Operands is how many registers the instruction names.
func (e Encoding) Operands() int { return e.operands }

// Three writes d = n op m.
func (f *File) Three(e Encoding, d, n, m V) {
	f.word(e.base|uint32(m)<<16|uint32(n)<<5|uint32(d), fmt.Sprintf("%s v%d.%s, v%d.%s, v%d.%s", e.name, d, e.lanes, n, e.lanes, m, e.lanes))
}

// Two writes d = op n.
func (f *File) Two(e Encoding, d, n V) {
	f.word(e.base|uint32(n)<<5|uint32(d), fmt.Sprintf("%s v%d.%s, v%d.%s", e.name, d, e.lanes, n, e.lanes))
}

func (f *File) word(bits uint32, arm string) {
	f.I("WORD", text(fmt.Sprintf("$0x%08x // %s", bits, arm)))
}
