package safetensors

// DType is the type of a tensor's elements, by its name in the header.
type DType string

// The types that [Read] knows. The rest of the reference's (complex, further
// 8-bit floats, types below a byte) are refused.
const (
	DTypeBool   DType = "BOOL"    // one byte, 0 or 1
	DTypeU8     DType = "U8"      // unsigned, 8 bits
	DTypeI8     DType = "I8"      // signed, 8 bits
	DTypeF8E5M2 DType = "F8_E5M2" // 8 bits, of which 5 of exponent
	DTypeF8E4M3 DType = "F8_E4M3" // 8 bits, of which 4 of exponent
	DTypeI16    DType = "I16"     // signed, 16 bits
	DTypeU16    DType = "U16"     // unsigned, 16 bits
	DTypeF16    DType = "F16"     // half precision
	DTypeBF16   DType = "BF16"    // the upper half of a float32
	DTypeI32    DType = "I32"     // signed, 32 bits
	DTypeU32    DType = "U32"     // unsigned, 32 bits
	DTypeF32    DType = "F32"     // float32
	DTypeF64    DType = "F64"     // float64
	DTypeI64    DType = "I64"     // signed, 64 bits
	DTypeU64    DType = "U64"     // unsigned, 64 bits
)

// Size is the number of bytes of one element, 0 for a type that is not known.
func (d DType) Size() int {
	switch d {
	case DTypeBool, DTypeU8, DTypeI8, DTypeF8E5M2, DTypeF8E4M3:
		return 1
	case DTypeI16, DTypeU16, DTypeF16, DTypeBF16:
		return 2
	case DTypeI32, DTypeU32, DTypeF32:
		return 4
	case DTypeF64, DTypeI64, DTypeU64:
		return 8
	}
	return 0
}
