// Strings: comparison, concatenation, slicing, conversion, as they are in memory.
//
// run: host linux/386 linux/arm64 wasip1 cortex-m-qemu riscv-qemu microbit pico
// stress: host wasip1
// not arduino: constants lie in RAM there, and these do not fit
package main

func join(parts []string, sep string) string {
	s := ""
	for i, p := range parts {
		if i > 0 {
			s += sep
		}
		s += p
	}
	return s
}

func reverse(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

func main() {
	s := "hello, wörld"
	println(len(s), s[1], s[7:], s[:5], s[3:3] == "", s[8] == 0xc3)
	println(join([]string{"a", "bc", "", "def"}, "-"), join(nil, "x") == "")
	for _, p := range [][2]string{{"a", "b"}, {"b", "a"}, {"a", "a"}, {"", "a"}, {"abc", "ab"}, {"ab\x00", "ab"}} {
		x, y := p[0], p[1]
		println(x < y, x <= y, x == y, x >= y, x > y, x != y)
	}
	b := []byte(s)
	b[0] = 'J'
	println(s, string(b), string(b[:0]) == "", string([]byte(nil)) == "")
	println(reverse(s), reverse(""), reverse("日本語"))
	b = append(b, "!!"...)
	b = append(b[:1], b[2:]...)
	println(string(b))
	println(copy(b, "xyz"), string(b))
	t := s
	s += "!"
	println(t, s, t < s)
	println(string(rune(65)), string(rune(0x65e5)), string(rune(-1)), string(rune(0x10ffff+1)) == "\ufffd")
	m := map[string]int{}
	key := []byte("key")
	m[string(key)] = 1
	key[0] = 'K'
	println(m["key"], m[string(key)])
	switch string(b[:3]) {
	case "abc":
		println("wrong")
	case "xyz":
		println("xyz")
	}
	println(`raw \n
string`, "tab\tquote\"")
	long := ""
	for i := 0; i < 100; i++ {
		long += string(rune('a' + i%26))
	}
	println(len(long), long)
}
