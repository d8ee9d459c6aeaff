package dataset

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	_ "image/png" // pictures
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/tensor"
)

// kindOf is what a file of that name holds.
func kindOf(path string) string {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".wav":
		return "sound"
	case ".png":
		return "picture"
	}
	return "recording"
}

// fileSet makes a set of files of one kind.
func fileSet(files []file, o Options) (*Set, error) {
	all := &samples{}
	var labels []string
	kind := kindOf(files[0].path)
	h := sha256.New()
	for _, f := range files {
		if k := kindOf(f.path); k != kind {
			return nil, fmt.Errorf("%s: %w: a %s, where %s is a %s: samples are of one kind", f.path, ErrData, k, files[0].path, kind)
		}
		info, err := os.Stat(f.path)
		if err != nil {
			return nil, err
		}
		fmt.Fprintln(h, f.name, f.label, info.Size())
		all.names = append(all.names, f.name)
		if f.group != "" {
			all.groups = append(all.groups, f.group)
		}
		if f.labelled {
			labels = append(labels, f.label)
		}
	}
	if len(all.groups) != len(files) {
		all.groups = nil
	}
	all.origin = hex.EncodeToString(h.Sum(nil))
	in, err := fileInput(files, kind, o)
	if err != nil {
		return nil, err
	}
	if len(labels) == len(files) {
		if all.classes, in.Classes, err = classesOf(labels, in.Classes); err != nil {
			return nil, err
		}
	}
	s := &Set{input: in, all: all}
	for i := range files {
		s.places = append(s.places, i)
	}
	if all.load, err = fileLoader(files, in, o); err == nil && in.Of == encode.SampleEvents {
		all.open = func(i int) (*opened, error) { return openRecording(files[i].path, in, readOptions(in, o)) }
	}
	return s, err
}

// fileInput is the input that is asked for, or follows from the files.
func fileInput(files []file, kind string, o Options) (encode.Input, error) {
	if o.Input != nil {
		return *o.Input, o.Input.Check()
	}
	var in encode.Input
	var err error
	switch kind {
	case "sound":
		in, err = soundInput(files, o)
	case "picture":
		in, err = pictureInput(files[0])
	default:
		in, err = eventInput(files, o)
	}
	if err != nil {
		return in, err
	}
	return adjusted(in, o)
}

// adjusted is the input that follows from data, changed as asked for.
func adjusted(in encode.Input, o Options) (encode.Input, error) {
	if o.Adjust != nil {
		o.Adjust(&in)
	}
	return in, in.Check()
}

// looked are the files that tell how long samples are: all, or the first alone
// where that is asked for.
func looked(files []file, o Options) []file {
	var asked encode.Input
	if o.Adjust != nil {
		o.Adjust(&asked)
	}
	if asked.Steps > 0 {
		return files[:1]
	}
	return files
}

// eventInput is that of recordings: 10 ms a step, and as many as the longest has.
func eventInput(files []file, o Options) (encode.Input, error) {
	in := encode.Input{Of: encode.SampleEvents, Step: encode.Duration(10 * time.Millisecond), Steps: 1}
	longest, most := time.Duration(0), 0
	sensor := o.Read.Sensor
	for _, f := range looked(files, o) {
		r, err := events.Open(f.path, o.Read)
		if err != nil {
			return in, err
		}
		if !sensor.Known() {
			sensor = r.Sensor()
		}
		n := 0
		for e, err := range r.All() {
			if err != nil {
				r.Close()
				return in, err
			}
			longest = max(longest, e.Time)
			n++
		}
		most = max(most, n)
		r.Close()
	}
	if !sensor.Known() {
		return in, fmt.Errorf("%s: %w: it does not say how large the sensor is: state it, as 34x34", files[0].path, ErrData)
	}
	in.Sensor = [2]int{sensor.Width, sensor.Height}
	in.Steps = stepsFor(&in, longest, most, o)
	return in, nil
}

// mostSteps is how many steps a sample has at the most, if nothing else is asked
// for.
const mostSteps = 1000

// stepsFor is how many steps the longest recording has, of the length that is
// asked for, or the one with the most events, of so many a step.
func stepsFor(in *encode.Input, longest time.Duration, most int, o Options) int {
	if o.Adjust != nil {
		o.Adjust(in)
	}
	switch {
	case in.Count > 0:
		return min(mostSteps, max(1, (most+in.Count-1)/in.Count))
	case in.Step > 0:
		return int(min(mostSteps, longest/time.Duration(in.Step)+1))
	}
	return in.Steps
}

// soundInput is that of sounds: 32 bands every 10 ms, where they change.
func soundInput(files []file, o Options) (encode.Input, error) {
	longest := 0
	rate := 0
	for _, f := range looked(files, o) {
		s, err := readSound(f.path)
		if err != nil {
			return encode.Input{}, err
		}
		rate = cmp.Or(rate, s.Rate)
		longest = max(longest, len(s.Samples))
	}
	frame := 4
	for frame < rate*32/1000 {
		frame *= 2
	}
	hop := max(1, rate/100)
	return encode.Input{
		Of: encode.SampleSound, Steps: longest/hop + 1, Coding: encode.CodingDelta, Threshold: 0.5,
		Mel: &encode.MelBank{Rate: rate, Frame: frame, Hop: hop, Bands: 32, Low: 60},
	}, nil
}

func readSound(path string) (*encode.Sound, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s, err := encode.ReadWAV(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", path, ErrData, err)
	}
	return s, nil
}

// numberSteps is how long numbers that do not change are shown by default.
const numberSteps = 10

// pictureInput is that of pictures: a current.
func pictureInput(f file) (encode.Input, error) {
	x, err := readPicture(f.path)
	if err != nil {
		return encode.Input{}, err
	}
	return encode.Input{Of: encode.SampleNumbers, Steps: numberSteps, Features: x.Shape[1:], Range: [2]float32{0, 255}}, nil
}

// maxPicture bounds the pixels of a picture.
const maxPicture = 1 << 24

// readPicture is a picture as [1, channels, height, width], from 0 to 255: of
// one channel if it is grey, of three otherwise.
func readPicture(path string) (*tensor.Tensor, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	head, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err == nil && head.Width*head.Height > maxPicture {
		err = fmt.Errorf("%d x %d pixels; %d are read", head.Width, head.Height, maxPicture)
	}
	var m image.Image
	if err == nil {
		m, _, err = image.Decode(bytes.NewReader(data))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", path, ErrData, err)
	}
	channels := 3
	if head.ColorModel == color.GrayModel || head.ColorModel == color.Gray16Model {
		channels = 1
	}
	size := m.Bounds()
	x := tensor.New(1, channels, size.Dy(), size.Dx())
	n := size.Dy() * size.Dx()
	for i := range n {
		r, g, b, _ := m.At(size.Min.X+i%size.Dx(), size.Min.Y+i/size.Dx()).RGBA()
		for c, v := range []uint32{r, g, b}[:channels] {
			x.Data[c*n+i] = float32(v) / 257
		}
	}
	return x, nil
}

// fileLoader makes the steps of files.
func fileLoader(files []file, in encode.Input, o Options) (loader, error) {
	switch {
	case in.Of == encode.SampleSound:
		sounds, err := in.Sounds()
		if err != nil {
			return nil, err
		}
		return func(i, _ int, _ encode.Augment) (tensor.Signal, error) {
			s, err := readSound(files[i].path)
			if err != nil {
				return nil, err
			}
			return named(files[i].path)(sounds(s))
		}, nil
	case in.Of == encode.SampleEvents:
		read := readOptions(in, o)
		return func(i, epoch int, a encode.Augment) (tensor.Signal, error) {
			return recording(files[i].path, in, read, i, epoch, a)
		}, nil
	case in.Of == encode.SampleNumbers && kindOf(files[0].path) == "picture":
		return func(i, _ int, _ encode.Augment) (tensor.Signal, error) {
			x, err := readPicture(files[i].path)
			if err != nil {
				return nil, err
			}
			return named(files[i].path)(in.Numbers(x, []uint32{uint32(i)}))
		}, nil
	}
	return nil, fmt.Errorf("%s: %w: a %s, where the input is of %s", files[0].path, ErrData, kindOf(files[0].path), in.Of)
}

// readOptions are how the recordings of an input are read.
func readOptions(in encode.Input, o Options) events.Options {
	read := o.Read
	read.Sensor = in.Binning().Sensor
	return read
}

// openRecording begins to bin a recording.
func openRecording(path string, in encode.Input, read events.Options) (*opened, error) {
	r, err := events.Open(path, read)
	if err != nil {
		return nil, err
	}
	binning := in.Binning()
	binning.Ordered = read.Backward != events.BackwardKeep
	b, err := encode.BinRecording(r, binning)
	if err != nil {
		r.Close()
		return nil, err
	}
	return &opened{b, r}, nil
}

// recording makes the steps of a recording.
func recording(path string, in encode.Input, read events.Options, sample, epoch int, a encode.Augment) (tensor.Signal, error) {
	r, err := events.Open(path, read)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	seq, ordered := r.All(), read.Backward != events.BackwardKeep
	if epoch >= 0 {
		seq = a.Events(seq, r.Sensor(), sample, epoch)
		ordered = ordered && a.Jitter == 0
	}
	x, err := in.Events(seq, ordered)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if _, err := r.Read(make([]events.Event, 1)); err != nil && err != io.EOF {
		return nil, err // it is broken after the last step
	}
	return x, nil
}

// named puts the name of a file before an error.
func named(path string) func(x tensor.Signal, err error) (tensor.Signal, error) {
	return func(x tensor.Signal, err error) (tensor.Signal, error) {
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		return x, nil
	}
}

// join makes one origin of several.
func join(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(slices.Clone(parts), "\x00")))
	return hex.EncodeToString(sum[:])
}
