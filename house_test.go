package spikelane_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/spikelane/spikelane"

// rooms are the packages that users import, each with the rooms it may use.
// Imports go one way: a room uses only rooms above it.
var rooms = []struct {
	name string
	uses []string
}{
	{"tensor", nil},
	{"simd", nil},
	{"internal/hostmath", nil},
	{"internal/half", nil},
	{"internal/wholefile", nil},
	{"internal/random", []string{"internal/hostmath"}},
	{"surrogate", []string{"simd", "internal/hostmath", "internal/random"}},
	{"snn", []string{"tensor", "simd", "surrogate", "internal/hostmath", "internal/random"}},
	{"forward", []string{"tensor", "simd", "snn"}},
	{"preset/jaxpike", beside},
	{"preset/lava", beside},
	{"preset/mlgenn", beside},
	{"preset/norse", beside},
	{"preset/rockpool", beside},
	{"preset/sinabs", beside},
	{"preset/slax", beside},
	{"preset/snnax", beside},
	{"preset/snntorch", beside},
	{"preset/spikingjelly", beside},
	{"preset/spyx", beside},
	{"safetensors", []string{"tensor", "internal/half"}},
	{"npy", []string{"tensor", "internal/half", "internal/wholefile"}},
	{"statedict", []string{"tensor", "snn", "forward", "safetensors", "preset/snntorch", "preset/spikingjelly", "internal/wholefile"}},
	{"encode", []string{"tensor", "internal/hostmath", "internal/random"}},
	{"train", []string{"tensor", "simd", "snn", "forward", "safetensors", "internal/hostmath", "internal/random"}},
	{"modelfile", []string{"tensor", "forward", "safetensors", "internal/wholefile"}},
	{"nir/internal/hdf5", []string{"internal/half"}},
	{"nir", []string{"tensor", "snn", "surrogate", "forward", "internal/hostmath", "internal/wholefile", "nir/internal/hdf5"}},
}

// beside is what the presets use.
var beside = []string{"tensor", "snn", "surrogate", "forward", "internal/hostmath"}

// workshops are the rooms of generators, commands and tests.
var workshops = []string{"asm", "cmd", "bench", "internal/shared", "internal/golden", "internal/conform", "internal/python"}

func list(t *testing.T, args ...string) []string {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("there is no go command here")
	}
	out, err := exec.Command("go", append([]string{"list"}, args...)...).Output()
	require.NoError(t, err)
	return strings.Fields(string(out))
}

func TestImportsGoOneWay(t *testing.T) {
	for _, r := range rooms {
		for _, p := range list(t, "-f", `{{join .Imports "\n"}}`, "./"+r.name) {
			if room, own := strings.CutPrefix(p, module+"/"); own {
				require.Contains(t, r.uses, room, "%s imports %s", r.name, room)
			}
		}
	}
}

// Who imports the library builds the standard library and x/sys, nothing else.
func TestUsersBuildNothingElse(t *testing.T) {
	for _, r := range rooms {
		for _, p := range list(t, "-deps", "-f", `{{if not .Standard}}{{.ImportPath}}{{end}}`, "./"+r.name) {
			own := p == module || strings.HasPrefix(p, module+"/")
			require.True(t, own || strings.HasPrefix(p, "golang.org/x/sys/"), "%s needs %s", r.name, p)
		}
	}
}

// No room is missing from the list above.
func TestEveryRoomIsListed(t *testing.T) {
	for _, p := range list(t, "./...") {
		room := strings.TrimPrefix(strings.TrimPrefix(p, module), "/")
		if room == "" || slices.ContainsFunc(workshops, func(w string) bool { return room == w || strings.HasPrefix(room, w+"/") }) {
			continue
		}
		require.True(t, slices.ContainsFunc(rooms, func(r struct {
			name string
			uses []string
		}) bool {
			return r.name == room
		}), "%s is not listed", room)
	}
}
