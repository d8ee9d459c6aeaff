// Package safetensors reads and writes safetensors files: named arrays, raw
// little-endian numbers behind a JSON header. It is the format of spikelane's
// models and test vectors.
//
// A file is
//
//	8 bytes   N, the length of the header, little-endian, at most 100,000,000
//	N bytes   the header: JSON that begins with '{', padded with spaces
//	the rest  the data of the tensors, one after another
//
// and the header is
//
//	{"__metadata__": {"key": "value"},                                 (optional)
//	 "fc1.weight":   {"dtype": "F32", "shape": [20, 256], "data_offsets": [0, 20480]}}
//
// with offsets in bytes from the end of the header and arrays row-major
// (https://github.com/huggingface/safetensors, README and tensor.rs).
//
// [Read] takes any bytes from anywhere: a file that breaks a rule is an error
// that wraps [ErrFormat] and names the tensor and the byte, never a panic, and
// what is allocated is bounded by the bytes that are there. It is stricter than
// the reference where that is lax: a name may come once, an entry has its three
// keys and no other, the tensors cover the data without hole or overlap.
//
// [Write] gives the same bytes for the same content on every machine. Numbers
// keep their bits both ways, NaNs included, whatever the machine's byte order.
package safetensors
