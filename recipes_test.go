package spikelane_test

import (
	"errors"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// recipe is a section of CONTRIBUTING.md with an example of every step.
type recipe struct {
	title  string
	blocks []block
}

// block is a part of the example: a file, an edit of one, or commands.
type block struct {
	line int    // of its fence
	kind string // go, diff or sh
	path string // from the root of the project, unless kind is sh
	text string
}

func (b block) String() string {
	return fmt.Sprintf("CONTRIBUTING.md:%d: %s %s", b.line, b.kind, b.path)
}

// recipesOf are the sections of a text that have blocks. Fences of other kinds
// are for readers alone.
func recipesOf(text string) (list []recipe, err error) {
	const fence = "```"
	var section recipe
	keep := func() {
		if len(section.blocks) > 0 {
			list = append(list, section)
		}
	}
	n := 0
	var open *block
	for line := range strings.Lines(text) {
		n++
		info, fenced := strings.CutPrefix(strings.TrimSuffix(line, "\n"), fence)
		title, titled := strings.CutPrefix(line, "## ")
		switch {
		case open != nil && fenced:
			if open.kind == "go" || open.kind == "diff" || open.kind == "sh" {
				if err := open.check(); err != nil {
					return nil, fmt.Errorf("%v: %w", open, err)
				}
				section.blocks = append(section.blocks, *open)
			}
			open = nil
		case open != nil:
			open.text += line
		case fenced:
			kind, path, _ := strings.Cut(info, " ")
			open = &block{line: n, kind: kind, path: path}
		case titled:
			keep()
			section = recipe{title: strings.TrimSpace(title)}
		}
	}
	if open != nil {
		return nil, fmt.Errorf("%v: it has no end", open)
	}
	keep()
	return list, nil
}

// check reports a path that leads out of the project or to no file, one that is
// missing, and one where none belongs.
func (b block) check() error {
	switch {
	case b.kind == "sh" && b.path != "":
		return errors.New("commands have no path")
	case b.kind == "sh":
		return nil
	case !fs.ValidPath(b.path) || path.Ext(b.path) == "" || strings.HasPrefix(b.path, "."):
		return errors.New("want the path of a file of the project behind the kind")
	case b.kind == "go" && path.Ext(b.path) != ".go":
		return errors.New("want the path of a .go file")
	}
	return nil
}

// apply returns what the file of a block holds afterwards.
func (b block) apply(read func(path string) (string, error)) (string, error) {
	old, err := read(b.path)
	switch {
	case b.kind == "go" && err == nil:
		return "", errors.New("there is such a file already")
	case b.kind == "go" && errors.Is(err, fs.ErrNotExist):
		return b.text, nil
	case err != nil:
		return "", err
	}
	return edit(old, b.text)
}

// edit replaces the lines of a diff that begin with a space or a minus by those
// that begin with a space or a plus, at the one place where they stand.
func edit(old, diff string) (string, error) {
	var from, to string
	for line := range strings.Lines(diff) {
		switch mark, rest := line[0], line[1:]; mark {
		case '\n': // an empty line whose space an editor has taken away
			from, to = from+line, to+line
		case ' ':
			from, to = from+rest, to+rest
		case '-':
			from += rest
		case '+':
			to += rest
		default:
			return "", fmt.Errorf("the line %q begins with no space, - or +", line)
		}
	}
	if from == "" || from == to {
		return "", errors.New("want lines that stand in the file, and a change of them")
	}
	// Behind a line's end, so that what is found begins with a whole line.
	old, from, to = "\n"+old, "\n"+from, "\n"+to
	at := strings.Index(old, from)
	if at < 0 {
		return "", fmt.Errorf("these lines are not in the file:%s", from)
	}
	if strings.Contains(old[at+1:], from) {
		return "", fmt.Errorf("these lines are in the file more than once:%s", from)
	}
	return old[1:at+1] + to[1:] + old[at+len(from):], nil
}

// recipes are those of CONTRIBUTING.md.
func recipes(t *testing.T) []recipe {
	t.Helper()
	text, err := os.ReadFile("CONTRIBUTING.md")
	if err != nil {
		t.Skip("the sources are not here")
	}
	list, err := recipesOf(string(text))
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(list), 4, "recipes")
	return list
}

// The files that recipes create are not here yet, every edit still has its place,
// once, and what comes out is formatted. It takes no time: the recipes
// themselves are carried out by the next test.
func TestRecipesFitTheProject(t *testing.T) {
	edits := 0
	for _, r := range recipes(t) {
		require.Equal(t, "sh", r.blocks[len(r.blocks)-1].kind, "%s: it ends without a test", r.title)
		changed := map[string]string{} // one block may go on where another ended
		for _, b := range r.blocks {
			if b.kind == "sh" {
				continue
			}
			text, err := b.apply(func(path string) (string, error) {
				if text, ok := changed[path]; ok {
					return text, nil
				}
				text, err := os.ReadFile(filepath.FromSlash(path))
				return string(text), err
			})
			require.NoError(t, err, b)
			if path.Ext(b.path) == ".go" {
				formatted, err := format.Source([]byte(text))
				require.NoError(t, err, b)
				require.True(t, string(formatted) == text, "%v: gofmt would change the file", b)
			}
			changed[b.path] = text
			edits++
		}
	}
	require.Greater(t, edits, 20)
}

// Every recipe can be carried out, in a copy of the project as it is now: its
// edits, in their order, and its commands succeed.
func TestRecipes(t *testing.T) {
	if os.Getenv("SPIKELANE_RECIPES") == "" {
		t.Skip("slow: SPIKELANE_RECIPES=1 runs it, as .ci/run does")
	}
	for _, command := range []string{"go", "sh"} {
		if _, err := exec.LookPath(command); err != nil {
			t.Skipf("there is no %s command here", command)
		}
	}
	for _, r := range recipes(t) {
		t.Run(r.title, func(t *testing.T) {
			dir := t.TempDir()
			copyProject(t, dir)
			env := recipeEnv(t)
			for _, b := range r.blocks {
				if b.kind == "sh" {
					b.run(t, dir, env)
					continue
				}
				file := filepath.Join(dir, filepath.FromSlash(b.path))
				text, err := b.apply(func(string) (string, error) {
					text, err := os.ReadFile(file)
					return string(text), err
				})
				require.NoError(t, err, b)
				require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
				require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
			}
		})
	}
}

// run runs the commands of a block up to the first that fails.
func (b block) run(t *testing.T, dir string, env []string) {
	start := time.Now()
	cmd := exec.CommandContext(t.Context(), "sh", "-ex")
	cmd.Dir, cmd.Env, cmd.Stdin = dir, env, strings.NewReader(b.text)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%v\n%s", b, out)
	t.Logf("%v: %.1fs", b, time.Since(start).Seconds())
}

// recipeEnv is the environment of the commands, which run what a contributor
// would, and nothing that is slow.
func recipeEnv(t *testing.T) []string {
	env := append(os.Environ(), "SPIKELANE_RECIPES=", "SPIKELANE_SLOW=")
	if os.Getenv("SPIKELANE_SHARED") == "" {
		// It lies beside the project, not beside the copy.
		shared, err := filepath.Abs(filepath.Join("..", "shared"))
		require.NoError(t, err)
		env = append(env, "SPIKELANE_SHARED="+shared)
	}
	// Without the folder's name in what is compiled, the build cache has most of
	// it from the last time.
	flags, err := exec.Command("go", "env", "GOFLAGS").Output()
	require.NoError(t, err)
	return append(env, "GOFLAGS="+strings.TrimSpace(string(flags)+" -trimpath"))
}

// copyProject copies the files of the project as they are now.
func copyProject(t *testing.T, to string) {
	t.Helper()
	copied := 0
	for _, file := range projectFiles(t) {
		info, err := os.Lstat(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed, which git has not been told yet
		}
		require.NoError(t, err)
		if !info.Mode().IsRegular() {
			continue
		}
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		dst := filepath.Join(to, file)
		require.NoError(t, os.MkdirAll(filepath.Dir(dst), 0o755))
		require.NoError(t, os.WriteFile(dst, data, info.Mode().Perm()))
		copied++
	}
	require.Greater(t, copied, 500)
}

// projectFiles are those that git would commit, or, without git, all.
func projectFiles(t *testing.T) (files []string) {
	t.Helper()
	out, err := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if files = strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00"); err == nil && slices.Contains(files, "go.work") {
		return files
	}
	files = nil
	require.NoError(t, filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".git":
			return fs.SkipDir
		case !d.IsDir():
			files = append(files, file)
		}
		return nil
	}))
	return files
}

// Blocks are found by the section that they are in; what is wrong with them is
// an error.
func TestRecipesAreFound(t *testing.T) {
	const text = "# P\n```\ngo build\n```\n## One\n```go a/b.go\npackage b\n## not a title\n```\nwords\n```sh\ngo test\n```\n## Two\n```json\n{}\n```\n## Three\n```diff c.md\n-x\n```\n"
	list, err := recipesOf(text)
	require.NoError(t, err)
	require.Equal(t, []recipe{
		{"One", []block{{6, "go", "a/b.go", "package b\n## not a title\n"}, {11, "sh", "", "go test\n"}}},
		{"Three", []block{{19, "diff", "c.md", "-x\n"}}},
	}, list)
	for _, wrong := range []string{"go", "go ../a.go", "go /a.go", "go a.txt", "go a/./b.go", "diff", "diff .git/config", "diff a", "sh a.sh"} {
		_, err := recipesOf("## One\n```" + wrong + "\n```\n")
		require.ErrorContains(t, err, "CONTRIBUTING.md:2: ", wrong)
	}
	_, err = recipesOf("## One\n```sh\n")
	require.ErrorContains(t, err, "no end")
}

// An edit has one place, of whole lines.
func TestRecipeEdits(t *testing.T) {
	const old = "a\n\nb\na\nab\nb\n"
	for diff, want := range map[string]string{
		" ab\n+c\n":     "a\n\nb\na\nab\nc\nb\n",
		"-a\n-ab\n+c\n": "a\n\nb\nc\nb\n",
		"+c\n a\n\n":    "c\na\n\nb\na\nab\nb\n",
		"-ab\n":         "a\n\nb\na\nb\n",
	} {
		got, err := edit(old, diff)
		require.NoError(t, err, diff)
		require.Equal(t, want, got)
	}
	for diff, want := range map[string]string{
		" a\n+c\n": "more than once", " b\n+c\n": "more than once", "-c\n+d\n": "not in the file", "-\ta\n+d\n": "not in the file",
		"+c\n": "want lines", " a\n": "want lines", "": "want lines", "a\n": "begins with",
	} {
		_, err := edit(old, diff)
		require.ErrorContains(t, err, want, diff)
	}
	_, err := edit("a\na\n", " a\n+b\n")
	require.ErrorContains(t, err, "more than once", "places that touch")
}
