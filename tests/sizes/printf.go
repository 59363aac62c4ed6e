package main

import (
	"errors"
	"fmt"
	"time"
)

var errRange = errors.New("out of range")

type celsius float32

func (c celsius) String() string { return fmt.Sprintf("%.1f °C", float32(c)) }

func read(pin int) (celsius, error) {
	if pin > 4 {
		return 0, fmt.Errorf("pin %d: %w", pin, errRange)
	}
	return celsius(pin)*1.5 + 20, nil
}

func main() {
	for pin := range 6 {
		t, err := read(pin)
		if err != nil {
			fmt.Printf("%s: %v\n", "read", err)
			continue
		}
		fmt.Printf("%02d %-6s %v after %v\n", pin, "ok", t, time.Duration(pin)*time.Millisecond)
	}
}
