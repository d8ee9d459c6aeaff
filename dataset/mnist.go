package dataset

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/tensor"
)

// mnistFile is one of MNIST's files in a folder, packed or not.
func mnistFile(dir, set, what string) (string, bool) {
	for _, ending := range []string{".gz", ""} {
		path := filepath.Join(dir, set+"-"+what+ending)
		if _, err := os.Stat(path); err == nil {
			return path, true
		}
	}
	return filepath.Join(dir, set+"-"+what), false
}

// openMNIST reads the pictures and labels of a part, "train" or, for the test,
// "t10k".
func openMNIST(dir string, o Options) (*Set, error) {
	part := "train"
	if o.Part == PartTest {
		part = "t10k"
	}
	path, _ := mnistFile(dir, part, "images-idx3-ubyte")
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	images, err := encode.ReadIDXImages(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", path, ErrData, err)
	}
	path, _ = mnistFile(dir, part, "labels-idx1-ubyte")
	g, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer g.Close()
	classes, err := encode.ReadIDXLabels(g)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", path, ErrData, err)
	}
	if len(classes) != images.Count {
		return nil, fmt.Errorf("%s: %w: %d labels for %d pictures", path, ErrData, len(classes), images.Count)
	}
	return pictureSet(images, classes, o)
}

// pictureSet makes a set of grey pictures in memory.
func pictureSet(images *encode.Images, classes []byte, o Options) (*Set, error) {
	in := encode.Input{Of: encode.SampleNumbers, Steps: numberSteps, Features: tensor.Shape{1, images.Rows, images.Cols}, Range: [2]float32{0, 255}}
	var err error
	if o.Input != nil {
		in, err = *o.Input, o.Input.Check()
	} else {
		in, err = adjusted(in, o)
	}
	if err != nil {
		return nil, err
	}
	labels := make([]string, len(classes))
	for i, c := range classes {
		labels[i] = strconv.Itoa(int(c))
	}
	all := &samples{cheap: true, origin: join(string(images.Pixels), string(classes), fmt.Sprint(images.Rows, images.Cols))}
	s := &Set{input: in, all: all}
	if all.classes, s.input.Classes, err = classesOf(labels, in.Classes); err != nil {
		return nil, err
	}
	for i := range images.Count {
		all.names = append(all.names, strconv.Itoa(i))
		s.places = append(s.places, i)
	}
	n := images.Rows * images.Cols
	all.load = func(i, _ int, _ encode.Augment) (tensor.Signal, error) {
		x := tensor.New(1, n)
		for k, p := range images.Image(i) {
			x.Data[k] = float32(p)
		}
		return in.Numbers(x, []uint32{uint32(i)})
	}
	return s, nil
}
