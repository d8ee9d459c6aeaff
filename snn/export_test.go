package snn

// KernelTexts are the equations of all kernels by their names.
func KernelTexts() map[string]string {
	texts := map[string]string{}
	for _, list := range [][]*kernel{allKernels, specialKernels} {
		for _, k := range list {
			texts[k.name] = k.text
		}
	}
	return texts
}
