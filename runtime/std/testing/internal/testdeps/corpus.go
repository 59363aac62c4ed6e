//go:build !baremetal

package testdeps

import (
	"errors"
	"math"
	"os"
	"reflect"
	"strconv"
	"strings"
)

// The seeds of a fuzz test lie in files below testdata/fuzz, one value a line: string("text"), []byte("\x00"), int(-5).

// ReadCorpus reads the files of a folder, which need not exist.
func (TestDeps) ReadCorpus(dir string, types []reflect.Type) ([]corpusEntry, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		if os.IsNotExist(err) {
			err = nil
		}
		return nil, err
	}
	var entries []corpusEntry
	var wrong []error
	for _, file := range files {
		if file.IsDir() {
			continue
		}
		path := dir + string(os.PathSeparator) + file.Name()
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		values, err := parseSeed(string(text))
		if err == nil {
			err = TestDeps{}.CheckCorpus(values, types)
		}
		if err != nil {
			wrong = append(wrong, errors.New(strconv.Quote(path)+": "+err.Error()))
			continue
		}
		entries = append(entries, corpusEntry{Path: path, Values: values})
	}
	return entries, errors.Join(wrong...)
}

// parseSeed reads one file: a line with the version, then the values.
func parseSeed(text string) (values []any, err error) {
	lines := strings.Split(text, "\n")
	if strings.TrimSuffix(lines[0], "\r") != "go test fuzz v1" {
		return nil, errors.New("unmarshal: no line \"go test fuzz v1\" at the beginning")
	}
	for _, line := range lines[1:] {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		value, err := parseValue(line)
		if err != nil {
			return nil, errors.New("unmarshal: malformed line " + strconv.Quote(line) + ": " + err.Error())
		}
		values = append(values, value)
	}
	return values, nil
}

func parseValue(line string) (any, error) {
	open := strings.IndexByte(line, '(')
	if open < 0 || line[len(line)-1] != ')' {
		return nil, errors.New("expected a conversion")
	}
	name, arg := strings.TrimSpace(line[:open]), strings.TrimSpace(line[open+1:len(line)-1])
	switch name {
	case "string":
		return strconv.Unquote(arg)
	case "[]byte":
		s, err := strconv.Unquote(arg)
		return []byte(s), err
	case "bool":
		return strconv.ParseBool(arg)
	case "byte", "uint8":
		if arg != "" && arg[0] == '\'' {
			r, err := parseRune(arg)
			return byte(r), err
		}
		n, err := strconv.ParseUint(arg, 0, 8)
		return byte(n), err
	case "rune", "int32":
		if arg != "" && arg[0] == '\'' {
			return parseRune(arg)
		}
		n, err := strconv.ParseInt(arg, 0, 32)
		return int32(n), err
	case "int":
		n, err := strconv.ParseInt(arg, 0, strconv.IntSize)
		return int(n), err
	case "int8":
		n, err := strconv.ParseInt(arg, 0, 8)
		return int8(n), err
	case "int16":
		n, err := strconv.ParseInt(arg, 0, 16)
		return int16(n), err
	case "int64":
		return strconv.ParseInt(arg, 0, 64)
	case "uint":
		n, err := strconv.ParseUint(arg, 0, strconv.IntSize)
		return uint(n), err
	case "uint16":
		n, err := strconv.ParseUint(arg, 0, 16)
		return uint16(n), err
	case "uint32":
		n, err := strconv.ParseUint(arg, 0, 32)
		return uint32(n), err
	case "uint64":
		return strconv.ParseUint(arg, 0, 64)
	case "float32":
		f, err := strconv.ParseFloat(arg, 32)
		return float32(f), err
	case "float64":
		return strconv.ParseFloat(arg, 64)
	case "math.Float32frombits":
		n, err := strconv.ParseUint(arg, 0, 32)
		return math.Float32frombits(uint32(n)), err
	case "math.Float64frombits":
		n, err := strconv.ParseUint(arg, 0, 64)
		return math.Float64frombits(n), err
	}
	return nil, errors.New("unknown type " + name)
}

func parseRune(text string) (rune, error) {
	s, err := strconv.Unquote(text)
	for _, r := range s {
		return r, err
	}
	return 0, err
}
