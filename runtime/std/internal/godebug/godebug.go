// Package godebug has the settings of the GODEBUG environment variable. Unlike Go's it keeps nothing: the variable is read
// whenever somebody asks, which is rarely, and takes neither maps nor locks.
package godebug

import _ "unsafe" // for linkname

// Setting is a setting of GODEBUG.
type Setting struct {
	name       string
	nonDefault uint64 // how often the program did something else than by default
}

// New returns the setting of a name; a # before it marks one without documentation.
func New(name string) *Setting { return &Setting{name: name} }

// Name returns the name of the setting.
func (s *Setting) Name() string {
	if s.Undocumented() {
		return s.name[1:]
	}
	return s.name
}

// Undocumented tells whether the setting is one without documentation.
func (s *Setting) Undocumented() bool { return s.name != "" && s.name[0] == '#' }

// String returns the form name=value.
func (s *Setting) String() string { return s.Name() + "=" + s.Value() }

// IncNonDefault counts uses of a setting that is not the default, for package runtime/metrics.
func (s *Setting) IncNonDefault() {
	if s.nonDefault == 0 {
		registerCounter(s.Name(), &s.nonDefault)
	}
	s.nonDefault++
}

// Value returns the value of the setting, which is empty for the default.
func (s *Setting) Value() string {
	// The only setting that does not change while the program runs.
	const fixed = "fips140"
	return value(variable(s.name == fixed), s.Name())
}

// variable is the text of GODEBUG, as it is now or was when the program started. Provided by package runtime.
func variable(atStart bool) string

// registerCounter makes a counter known to package runtime/metrics. Provided by package runtime.
func registerCounter(name string, counter *uint64)

// value finds a setting in a list name=value,name=value, of which the last counts.
func value(list, name string) string {
	for end := len(list); end > 0; end-- {
		start := end
		for start > 0 && list[start-1] != ',' {
			start--
		}
		item := list[start:end]
		if len(item) > len(name) && item[len(name)] == '=' && item[:len(name)] == name {
			item = item[len(name)+1:]
			for i := 0; i < len(item); i++ {
				if item[i] == '#' { // what follows chooses among calls, for bisect
					return item[:i]
				}
			}
			return item
		}
		end = start
	}
	return ""
}
