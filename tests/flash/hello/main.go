// Hello is what the tests of `tinygo flash` bring onto boards.
package main

func main() {
	println("hello from Go")
}
