package reflect

// callingMethod is the exported method of Value that is being called; empty where the program does not know its calls.
func callingMethod() string

// valueMethodName returns what the texts of panics call that method.
func valueMethodName() string {
	if name := callingMethod(); name != "" {
		return name
	}
	return "unknown method"
}
