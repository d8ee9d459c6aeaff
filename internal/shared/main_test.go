package shared_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/shared"
)

func TestMain(m *testing.M) { shared.Main(m) }

// Tests without their data are counted.
func TestSkipsAreCounted(t *testing.T) {
	if os.Getenv("SPIKELANE_EMULATED") != "" {
		t.Skip("it starts itself again")
	}
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run", "^TestWantsData")
	cmd.Env = append(os.Environ(), "SPIKELANE_SHARED="+dir, "SPIKELANE_REQUIRE_SHARED=", "CI=")
	out, err := cmd.Output()
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(string(out), "2 tests skipped: their data is not in "+dir+"\n"), string(out))
}

func TestWantsData(t *testing.T)    { shared.Path(t, "data") }
func TestWantsDataToo(t *testing.T) { shared.Path(t, "data", "nmnist") }
