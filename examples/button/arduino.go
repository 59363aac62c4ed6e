//go:build arduino

package main

import "machine"

const button = machine.D2
