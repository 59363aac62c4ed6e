//go:build avr

package machine

const bufferSize = 32
