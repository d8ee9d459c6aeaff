module github.com/spikelane/spikelane

go 1.26.0
