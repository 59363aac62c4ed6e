//go:build microbit

package main

import "machine"

const button = machine.BUTTONA
