package dataset

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// file is a sample in a file.
type file struct {
	path, name   string
	label, group string
	labelled     bool
}

// maxClass bounds the numbers of classes.
const maxClass = 100000

// classesOf gives labels their numbers: those of known names; or labels that are
// whole numbers mean themselves; or they are numbered in the order of their
// names.
func classesOf(labels, known []string) (classes []int, names []string, err error) {
	names = known
	if known == nil {
		names = namesOf(labels)
	}
	classes = make([]int, len(labels))
	for i, l := range labels {
		if classes[i] = slices.Index(names, l); classes[i] < 0 {
			return nil, nil, fmt.Errorf("%w: the class %.40q is none of %q", ErrData, l, names)
		}
	}
	return classes, names, nil
}

// namesOf are the classes that labels are of.
func namesOf(labels []string) []string {
	most := -1
	for _, l := range labels {
		n, err := strconv.Atoi(l)
		if err != nil || n < 0 || n > maxClass || strconv.Itoa(n) != l {
			names := slices.Clone(labels)
			slices.Sort(names)
			return slices.Compact(names)
		}
		most = max(most, n)
	}
	names := make([]string, most+1)
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	return names
}

// byPattern tells classes and groups from the names of files.
func byPattern(files []file, pattern string) error {
	text := regexp.QuoteMeta(pattern)
	for name, part := range map[string]string{"class": "(?P<class>.+?)", "group": "(?P<group>.+?)", "index": ".+?"} {
		text = strings.ReplaceAll(text, `\{`+name+`\}`, part)
	}
	re, err := regexp.Compile("^" + text + "$")
	if err != nil || re.SubexpIndex("class") < 0 {
		return fmt.Errorf("%w: the pattern %q; it has {class}, and may have {group} and {index}, as {class}_{group}_{index}", ErrData, pattern)
	}
	for i := range files {
		f := &files[i]
		m := re.FindStringSubmatch(strings.TrimSuffix(f.name, filepath.Ext(f.name)))
		if m == nil {
			return fmt.Errorf("%s: %w: the name is not like %s", f.path, ErrData, pattern)
		}
		f.label, f.labelled = m[re.SubexpIndex("class")], true
		if g := re.SubexpIndex("group"); g >= 0 {
			f.group = m[g]
		}
	}
	return nil
}

// listLine is a line of a list: a path and a label, with a comma, a tab, a
// semicolon or spaces between them.
func listLine(line string) (path, label string, ok bool) {
	fields := strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ';' || r == '\t' })
	if len(fields) == 1 {
		fields = strings.Fields(line)
	}
	if len(fields) < 2 {
		return "", "", false
	}
	trim := func(s string) string { return strings.Trim(strings.TrimSpace(s), `"'`) }
	return trim(fields[0]), trim(fields[1]), len(fields) == 2
}

// lines are those of a list that say something, with their numbers.
func lines(path string, f func(number int, line string) (more bool)) error {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	scan := bufio.NewScanner(in)
	for n := 1; scan.Scan(); n++ {
		line := strings.TrimSpace(strings.TrimPrefix(scan.Text(), "\ufeff"))
		if line != "" && line[0] != '#' && !f(n, line) {
			return nil
		}
	}
	if err := scan.Err(); err != nil {
		return fmt.Errorf("%s: %w: %w", path, ErrData, err)
	}
	return nil
}

// listFolder is where the files of a list are.
func listFolder(path string, o Options) string {
	if o.Folder != "" {
		return o.Folder
	}
	return filepath.Dir(path)
}

// isList reports whether a table is one of files: one of its first two lines
// begins with the name of a file that is there.
func isList(path string) bool {
	found, seen := false, 0
	lines(path, func(_ int, line string) bool {
		seen++
		name, _, _ := listLine(line)
		_, found = sampleFile(filepath.Dir(path), name)
		return !found && seen < 2
	})
	return found
}

// headerWords are those that stand above the files of a list.
var headerWords = []string{"path", "paths", "file", "files", "filename", "name", "sample", "recording", "image", "sound", "wav", "x"}

// endings are those of files that a list may leave out.
var endings = []string{"", ".bs2", ".bin", ".wav", ".png", ".npy", ".dat", ".raw", ".aedat", ".aedat4", ".es"}

// sampleFile is the file of a name in a list, which lies in a folder.
func sampleFile(dir, name string) (string, bool) {
	if name == "" {
		return "", false
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(dir, name)
	}
	for _, ending := range endings {
		if info, err := os.Stat(name + ending); err == nil && !info.IsDir() {
			return name + ending, true
		}
	}
	return name, false
}

// openList reads a list of paths and labels.
func openList(path string, o Options) (*Set, error) {
	var files []file
	var wrong error
	at := map[string]int{}
	err := lines(path, func(n int, line string) bool {
		name, label, ok := listLine(line)
		whole, there := sampleFile(listFolder(path, o), name)
		switch {
		case ok && !there && len(files) == 0 && slices.Contains(headerWords, strings.ToLower(name)):
			return true
		case !ok:
			wrong = fmt.Errorf("%s: line %d: %w: %.60q is not a file and its class", path, n, ErrData, line)
		case !there:
			wrong = fmt.Errorf("%s: line %d: %w: there is no file %s", path, n, ErrData, whole)
		case at[whole] > 0:
			wrong = fmt.Errorf("%s: line %d: %w: %s stands in line %d, too", path, n, ErrData, name, at[whole])
		}
		at[whole] = n
		files = append(files, file{path: whole, name: name, label: label, labelled: true})
		return wrong == nil
	})
	if err == nil {
		err = wrong
	}
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s: %w: no files are in the list", path, ErrData)
	}
	if err != nil {
		return nil, err
	}
	return fileSet(files, o)
}
