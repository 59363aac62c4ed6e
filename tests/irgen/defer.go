package main

func a() (r int) {
	defer func() { r *= 2 }()
	defer func() {
		if e := recover(); e != nil {
			r = 21
		}
	}()
	var p *int
	return *p
}

func main() {
	println(a())
	for i := 0; i < 3; i++ {
		defer println("d", i)
	}
	func() {
		defer println("one")
		defer func() { println(recover().(string)) }()
		panic("boom")
	}()
	println("end")
}
