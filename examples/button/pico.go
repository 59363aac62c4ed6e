//go:build pico

package main

import "machine"

const button = machine.GP15
