package spikelane_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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
	{"equation", nil},
	{"tensor", nil},
	{"simd", nil},
	{"internal/microcode", []string{"equation", "simd"}},
	{"internal/detmath", nil},
	{"internal/half", nil},
	{"internal/panics", nil},
	{"internal/filelock", nil},
	{"internal/atomicfile", []string{"internal/filelock"}},
	{"internal/random", []string{"internal/detmath"}},
	{"surrogate", []string{"simd", "internal/detmath", "internal/random"}},
	{"snn", []string{"equation", "tensor", "simd", "surrogate", "internal/microcode", "internal/detmath", "internal/random", "internal/panics"}},
	{"forward", []string{"tensor", "simd", "snn", "internal/panics"}},
	{"internal/presetkit", []string{"surrogate", "snn"}},
	{"preset/all", presets},
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
	{"format/safetensors", []string{"tensor", "internal/half"}},
	{"format/npy", []string{"tensor", "internal/half", "internal/atomicfile"}},
	{"format/statedict", []string{"tensor", "snn", "forward", "format/safetensors", "preset/snntorch", "preset/spikingjelly", "internal/atomicfile"}},
	{"format/events", []string{"tensor", "format/npy", "internal/half", "internal/hdf5", "internal/atomicfile"}},
	{"format/events/live", []string{"format/events"}},
	{"encode", []string{"tensor", "format/events", "internal/detmath", "internal/random"}},
	{"train", []string{"tensor", "simd", "snn", "forward", "format/safetensors", "internal/detmath", "internal/random", "internal/panics"}},
	{"dataset", []string{"tensor", "encode", "train", "format/npy", "format/events", "internal/random", "internal/panics"}},
	{"format/model", []string{"tensor", "forward", "format/safetensors", "internal/atomicfile"}},
	{"internal/hdf5", []string{"internal/half"}},
	{"format/nir", []string{"tensor", "snn", "surrogate", "forward", "internal/detmath", "internal/atomicfile", "internal/hdf5"}},
}

// beside is what the presets use.
var beside = []string{"tensor", "snn", "surrogate", "forward", "internal/detmath", "internal/presetkit"}

// presets are all of them.
var presets = []string{
	"preset/jaxpike", "preset/lava", "preset/mlgenn", "preset/norse", "preset/rockpool", "preset/sinabs", "preset/slax",
	"preset/snnax", "preset/snntorch", "preset/spikingjelly", "preset/spyx",
}

// workshops are the rooms of generators, commands and tests, and the doors that
// need libraries: all of them are modules of their own, or for tests only.
var workshops = []string{"format/events/aedat4", "asm", "cmd", "bench", "internal/shared", "internal/vectors", "internal/testrun", "internal/slowtest", "internal/conform", "internal/neurons", "internal/python", "internal/picture"}

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

// What is committed is what the generators write: their own module says so.
func TestGeneratedFilesAreCurrent(t *testing.T) {
	list(t) // or skip
	out, err := exec.Command("go", "test", "-run", "^TestGeneratedFilesAreCurrent$", "./asm").CombinedOutput()
	require.NoError(t, err, string(out))
}

// No room is missing from the list above.
func TestEveryRoomIsListed(t *testing.T) {
	for _, p := range list(t, "work") {
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

// The front page lists every room, and nothing else.
func TestFrontPageListsEveryRoom(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	var want, listed []string
	for _, r := range rooms {
		want = append(want, r.name)
	}
	for line := range strings.Lines(string(text)) {
		if entry, ok := strings.CutPrefix(line, "//\t"); ok {
			listed = append(listed, strings.Fields(entry)[0])
		}
	}
	require.ElementsMatch(t, want, listed)
}

// What documents link to in this repository is there.
func TestLinksLeadSomewhere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)\)`)
	shown := regexp.MustCompile("(?ms)^ *```.*?^ *```$")
	links := 0
	for _, pattern := range []string{"*.md", "*/*.md", "*/*/*.md"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, path := range files {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			for _, m := range link.FindAllStringSubmatch(shown.ReplaceAllString(string(text), ""), -1) {
				_, err := os.Stat(filepath.Join(filepath.Dir(path), m[1]))
				require.NoError(t, err, path)
				links++
			}
		}
	}
	require.Greater(t, links, 50)
}

// Packages whose tests want shared data say how many had to be skipped.
func TestSkippedTestsAreCounted(t *testing.T) {
	dirs := list(t, "-f", `{{$dir := .Dir}}{{range .TestImports}}{{$dir}}={{.}}{{"\n"}}{{end}}{{range .XTestImports}}{{$dir}}={{.}}{{"\n"}}{{end}}`, "work")
	counted := 0
	for _, line := range dirs {
		dir, imported, _ := strings.Cut(line, "=")
		if imported != module+"/internal/shared" {
			continue
		}
		files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
		require.NoError(t, err)
		require.True(t, slices.ContainsFunc(files, func(path string) bool {
			text, err := os.ReadFile(path)
			return err == nil && strings.Contains(string(text), "shared.Main(m)")
		}), "%s has no TestMain that calls shared.Main", dir)
		counted++
	}
	require.Greater(t, counted, 5)
}

// Who imports the library has few direct requirements to look at, and downloads
// golang.org/x/sys.
func TestImportersDownloadLittle(t *testing.T) {
	list(t) // or skip
	text, err := os.ReadFile("go.mod")
	require.NoError(t, err)
	direct, _, _ := strings.Cut(string(text), "// indirect")
	require.LessOrEqual(t, strings.Count(direct, "\n\t"), 4, direct)

	root, err := os.Getwd()
	require.NoError(t, err)
	here, err := exec.Command("go", "env", "GOMODCACHE").Output()
	require.NoError(t, err)
	dir, cache := t.TempDir(), t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	write("go.mod", "module importer\n\ngo 1.26.0\n\nrequire "+module+" v0.1.0\n\nreplace "+module+" v0.1.0 => "+root+"\n")
	write("main.go", "package main\n\nimport (\n\t_ \""+module+"/format/model\"\n\t_ \""+module+"/forward\"\n\t_ \""+module+"/train\"\n)\n\nfunc main() {}\n")
	cmd := exec.Command("go", "build", "-mod=mod", "-modcacherw", "-o", filepath.Join(dir, "importer"))
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GOMODCACHE="+cache, "GOPROXY=file://"+strings.TrimSpace(string(here))+"/cache/download", "GOSUMDB=off", "GOTOOLCHAIN=local")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	zips, err := filepath.Glob(filepath.Join(cache, "cache", "download", "*", "*", "*", "@v", "*.zip"))
	require.NoError(t, err)
	more, err := filepath.Glob(filepath.Join(cache, "cache", "download", "*", "*", "@v", "*.zip"))
	require.NoError(t, err)
	zips = append(zips, more...)
	require.Len(t, zips, 1, zips)
	require.Contains(t, filepath.ToSlash(zips[0]), "golang.org/x/sys/")
}
