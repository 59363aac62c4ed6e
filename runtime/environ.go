//go:build !linux || baremetal || wasip2 || wasm_unknown

package runtime

// environ is what a variable of the environment was when the program started.
func environ(name string) string {
	for _, text := range programEnv() {
		if len(text) > len(name) && text[len(name)] == '=' && text[:len(name)] == name {
			return text[len(name)+1:]
		}
	}
	return ""
}

