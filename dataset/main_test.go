package dataset_test

import (
	"testing"

	"github.com/spikelane/spikelane/internal/shared"
)

func TestMain(m *testing.M) { shared.Main(m) }
