// Local time of a chip, which nobody told where it is: UTC, until the program says otherwise.
//
// run: cortex-m-qemu riscv-qemu
package main

import "time"

func main() {
	t := time.Unix(31536000, 0)
	println(t.Location() == time.Local, t.Format(time.RFC3339))
	time.Local = time.FixedZone("CET", 3600)
	println(time.Unix(31536000, 0).Format("2006-01-02 15:04 MST"))
}
