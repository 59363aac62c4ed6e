//go:build !baremetal

package testdeps

import "regexp"

var matchPat string
var matchRe *regexp.Regexp

func (TestDeps) MatchString(pat, str string) (bool, error) {
	if matchRe == nil || matchPat != pat {
		re, err := regexp.Compile(pat)
		if err != nil {
			return false, err
		}
		matchPat, matchRe = pat, re
	}
	return matchRe.MatchString(str), nil
}
