//! Serial ports, reset touches, the monitor and panic decoding.
