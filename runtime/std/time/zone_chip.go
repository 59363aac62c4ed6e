package time

// initLocal is called when a program first asks for local time. Nobody has told a chip where it is, neither in TZ nor in a
// file; a program that knows sets Local.
func initLocal() {
	localLoc.name = "UTC"
}
