//go:build baremetal

package testdeps

import (
	"errors"
	"reflect"
)

// ReadCorpus finds nothing: there are no files.
func (TestDeps) ReadCorpus(dir string, types []reflect.Type) ([]corpusEntry, error) { return nil, nil }

// Names of tests are matched here by what of regular expressions they need: package regexp with the tables of Unicode
// takes 100 KB of flash and 60 KB of memory.
//
//	alternatives a|b, groups (a) and (?:a), repetitions * + ?, classes [a-z] and [^a-z], . ^ $ and \ before signs

// A pattern matches text from a place on and goes on with what follows it.
type pattern func(text string, at int, rest func(at int) bool) bool

type patternParser struct {
	text string
	at   int
	err  error
}

func (TestDeps) MatchString(pat, str string) (bool, error) {
	p := patternParser{text: pat}
	match := p.alternatives()
	if p.err == nil && p.at < len(pat) {
		p.err = errors.New("unexpected ) in " + pat)
	}
	if p.err != nil {
		return false, p.err
	}
	for start := 0; start <= len(str); start++ {
		if match(str, start, func(int) bool { return true }) {
			return true, nil
		}
	}
	return false, nil
}

func (p *patternParser) next(c byte) bool {
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *patternParser) alternatives() pattern {
	first := p.sequence()
	for p.next('|') {
		one, other := first, p.sequence()
		first = func(text string, at int, rest func(int) bool) bool {
			return one(text, at, rest) || other(text, at, rest)
		}
	}
	return first
}

func (p *patternParser) sequence() pattern {
	all := pattern(func(text string, at int, rest func(int) bool) bool { return rest(at) })
	for p.err == nil && p.at < len(p.text) && p.text[p.at] != '|' && p.text[p.at] != ')' {
		before, last := all, p.repeated()
		all = func(text string, at int, rest func(int) bool) bool {
			return before(text, at, func(at int) bool { return last(text, at, rest) })
		}
	}
	return all
}

func (p *patternParser) repeated() pattern {
	one := p.single()
	var many pattern
	many = func(text string, at int, rest func(int) bool) bool {
		more := func(end int) bool { return end > at && many(text, end, rest) }
		return one(text, at, more) || rest(at)
	}
	switch {
	case p.next('*'):
		return many
	case p.next('+'):
		return func(text string, at int, rest func(int) bool) bool {
			return one(text, at, func(at int) bool { return many(text, at, rest) })
		}
	case p.next('?'):
		return func(text string, at int, rest func(int) bool) bool {
			return one(text, at, rest) || rest(at)
		}
	}
	return one
}

func (p *patternParser) single() pattern {
	c := p.text[p.at]
	p.at++
	switch c {
	case '(':
		if p.next('?') && !p.next(':') {
			p.err = errors.New("only (?: is supported on chips: " + p.text)
		}
		group := p.alternatives()
		if !p.next(')') {
			p.err = errors.New("missing ) in " + p.text)
		}
		return group
	case '[':
		return p.class()
	case '.':
		return sign(func(byte) bool { return true })
	case '^':
		return func(text string, at int, rest func(int) bool) bool { return at == 0 && rest(at) }
	case '$':
		return func(text string, at int, rest func(int) bool) bool { return at == len(text) && rest(at) }
	case '*', '+', '?', '{':
		p.err = errors.New("unexpected or not supported on chips: " + string(rune(c)) + " in " + p.text)
	case '\\':
		c = p.escaped()
	}
	return sign(func(have byte) bool { return have == c })
}

// escaped is the sign behind a backslash; what letters mean there is not known here.
func (p *patternParser) escaped() byte {
	if p.at == len(p.text) || 'a' <= p.text[p.at]|0x20 && p.text[p.at]|0x20 <= 'z' {
		p.err = errors.New("unsupported \\ in " + p.text)
		return 0
	}
	p.at++
	return p.text[p.at-1]
}

func (p *patternParser) class() pattern {
	not := p.next('^')
	var ranges []byte // first and last of each
	for first := true; first || !p.next(']'); first = false {
		if p.at == len(p.text) {
			p.err = errors.New("missing ] in " + p.text)
			break
		}
		low := p.member()
		high := low
		if p.at+1 < len(p.text) && p.text[p.at] == '-' && p.text[p.at+1] != ']' {
			p.at++
			high = p.member()
		}
		ranges = append(ranges, low, high)
	}
	return sign(func(have byte) bool {
		for i := 0; i < len(ranges); i += 2 {
			if ranges[i] <= have && have <= ranges[i+1] {
				return !not
			}
		}
		return not
	})
}

func (p *patternParser) member() byte {
	if p.next('\\') {
		return p.escaped()
	}
	p.at++
	return p.text[p.at-1]
}

// sign matches one byte.
func sign(is func(byte) bool) pattern {
	return func(text string, at int, rest func(int) bool) bool {
		return at < len(text) && is(text[at]) && rest(at+1)
	}
}
