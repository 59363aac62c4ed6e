// Package godebug has the settings of the GODEBUG environment variable, all at their defaults.
package godebug

// Setting is a setting of GODEBUG.
type Setting struct {
	name string
}

// New returns the setting of a name; a # before it marks one without documentation.
func New(name string) *Setting { return &Setting{name} }

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

// IncNonDefault counts uses of a setting that is not the default: there are none.
func (s *Setting) IncNonDefault() {}

// Value returns the value of the setting, which is empty for the default.
func (s *Setting) Value() string { return "" }
