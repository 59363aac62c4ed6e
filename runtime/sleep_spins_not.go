//go:build !baremetal || avr

package runtime

// sleepSpins: there is more to sleeping than looking at the clock.
const sleepSpins = false
