// Iteration over strings: valid and invalid UTF-8, positions, conversion both ways.
//
// run: host wasip1 cortex-m-qemu riscv-qemu microbit pico arduino
package main

func dump(s string) {
	for i, r := range s {
		print(i, ":", r, " ")
	}
	n := 0
	for range s {
		n++
	}
	println("=", n, len([]rune(s)), len(s))
}

func main() {
	dump("")
	dump("abc")
	dump("aé日😀z")
	dump("\xff\xc0\x80a")
	dump("\xe6\x97")
	dump("\xed\xa0\x80")
	dump("\xf4\x90\x80\x80")
	dump("\xf0\x9f\x98")
	s := string([]rune{'x', 0xe9, 0x65e5, 0x1f600, 0xd800, -1})
	dump(s)
	println(s)
	for i := range "ab" {
		print(i, " ")
	}
	println()
}
