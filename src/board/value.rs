//! Scalar values of the YAML schema: sizes, frequencies, USB ids, ordered maps, and the word lists of Go's flags.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};

/// Declares an enum whose values are words, with parsing, printing and serde over the same words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $what:literal { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// All words, in the order in which messages list them.
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            /// The word as it stands in YAML, in flags and in build tags.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<$name, String> {
                match text {
                    $($word => Ok($name::$variant),)*
                    _ => Err(format!("invalid {} '{text}': valid values are {}", $what, $name::WORDS.join(", "))),
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<$name, D::Error> {
                $crate::value::scalar(d, $what)
            }
        }
    };
}
pub(crate) use words;

/// A number of bytes or an address: `32`, `0x8000`, `256K`, `2M`, `8KB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Size(pub u64);

/// A frequency in hertz: `16MHz`, `32768Hz`, `16000000`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Hertz(pub u64);

/// A USB vendor and product id, written `2341:0043` (hexadecimal).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct UsbId {
    pub vid: u16,
    pub pid: u16,
}

/// Bytes written as hexadecimal digits: `1e950f`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hex(pub Vec<u8>);

/// A map that keeps the order of the file and refuses duplicate keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ordered<V>(pub Vec<(String, V)>);

impl<V> Default for Ordered<V> {
    fn default() -> Self {
        Ordered(Vec::new())
    }
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Size, String> {
        let units = [
            ("KB", 1 << 10),
            ("MB", 1 << 20),
            ("GB", 1 << 30),
            ("K", 1 << 10),
            ("M", 1 << 20),
            ("G", 1 << 30),
        ];
        scaled(text, &units)
            .map(Size)
            .ok_or_else(|| format!("invalid size '{text}': write a number such as 2048, 0x800, 2K or 1M"))
    }
}

impl FromStr for Hertz {
    type Err = String;

    fn from_str(text: &str) -> Result<Hertz, String> {
        let units = [("GHz", 1_000_000_000), ("MHz", 1_000_000), ("kHz", 1_000), ("Hz", 1)];
        scaled(text, &units).map(Hertz).ok_or_else(|| {
            format!("invalid frequency '{text}': write a number such as 16MHz, 32768Hz or 8000000")
        })
    }
}

/// A whole number, decimal or `0x…`, with one of the units behind it.
fn scaled(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let text = text.trim();
    if let Some(hex) = text.strip_prefix("0x") {
        return u64::from_str_radix(hex, 16).ok();
    }
    let (digits, unit) =
        units.iter().find_map(|(name, unit)| Some((text.strip_suffix(name)?, *unit))).unwrap_or((text, 1));
    let digits = digits.trim_end();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse::<u64>().ok()?.checked_mul(unit)
}

impl FromStr for UsbId {
    type Err = String;

    fn from_str(text: &str) -> Result<UsbId, String> {
        let id = |part: &str| match part.len() {
            1..=4 if part.bytes().all(|b| b.is_ascii_hexdigit()) => u16::from_str_radix(part, 16).ok(),
            _ => None,
        };
        let parts = text.split_once(':').and_then(|(vid, pid)| Some((id(vid)?, id(pid)?)));
        parts.map(|(vid, pid)| UsbId { vid, pid }).ok_or_else(|| {
            format!("invalid USB id '{text}': write vendor and product in hexadecimal, as in \"2341:0043\"")
        })
    }
}

impl fmt::Display for UsbId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04x}:{:04x}", self.vid, self.pid)
    }
}

impl FromStr for Hex {
    type Err = String;

    fn from_str(text: &str) -> Result<Hex, String> {
        let bad = || {
            format!("invalid bytes '{text}': write an even number of hexadecimal digits, as in \"1e950f\"")
        };
        if !text.len().is_multiple_of(2) || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(bad());
        }
        (0..text.len())
            .step_by(2)
            .map(|i| u8::from_str_radix(&text[i..i + 2], 16).map_err(|_| bad()))
            .collect::<Result<_, _>>()
            .map(Hex)
    }
}

/// Reads a scalar (string or whole number) and parses it with `FromStr`, so that its error carries the line.
pub fn scalar<'de, D: Deserializer<'de>, T: FromStr<Err = String>>(
    d: D,
    what: &'static str,
) -> Result<T, D::Error> {
    struct Scalar<T>(&'static str, std::marker::PhantomData<T>);

    impl<T: FromStr<Err = String>> Visitor<'_> for Scalar<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(E::custom)
        }

        fn visit_u64<E: de::Error>(self, number: u64) -> Result<T, E> {
            number.to_string().parse().map_err(E::custom)
        }

        fn visit_bool<E: de::Error>(self, value: bool) -> Result<T, E> {
            value.to_string().parse().map_err(E::custom)
        }
    }

    d.deserialize_any(Scalar(what, std::marker::PhantomData))
}

macro_rules! deserialize_scalar {
    ($($name:ident: $what:literal),*) => {
        $(impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<$name, D::Error> {
                scalar(d, $what)
            }
        })*
    };
}
deserialize_scalar!(Size: "a size", Hertz: "a frequency", UsbId: "a USB id", Hex: "hexadecimal digits in quotes");

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Ordered<V> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Ordered<V>, D::Error> {
        struct Map<V>(std::marker::PhantomData<V>);

        impl<'de, V: Deserialize<'de>> Visitor<'de> for Map<V> {
            type Value = Ordered<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ordered<V>, A::Error> {
                let mut entries: Vec<(String, V)> = Vec::new();
                let mut seen = std::collections::BTreeSet::new();
                while let Some(key) = map.next_key::<String>()? {
                    let value = map.next_value()?;
                    if !seen.insert(key.clone()) {
                        return Err(de::Error::custom(format!("`{key}` is given twice")));
                    }
                    entries.push((key, value));
                }
                Ok(Ordered(entries))
            }
        }

        d.deserialize_map(Map(std::marker::PhantomData))
    }
}

impl<V> Ordered<V> {
    /// Adds the entries of `child`; where a key exists, the child's value takes its place.
    pub fn overlay(&mut self, child: Ordered<V>) {
        for (key, value) in child.0 {
            match self.0.iter_mut().find(|(k, _)| *k == key) {
                Some(entry) => entry.1 = value,
                None => self.0.push((key, value)),
            }
        }
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&V> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, v)| v)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        let size = |s: &str| s.parse::<Size>().map(|s| s.0);
        assert_eq!(size("256K"), Ok(256 << 10));
        assert_eq!(size("8KB"), Ok(8192));
        assert_eq!(size("2 M"), Ok(2 << 20));
        assert_eq!(size("0x6a120"), Ok(0x6a120));
        assert_eq!(size("12"), Ok(12));
        for bad in ["", "K", "-1", "1.5K", "99999999999999999999", "18446744073709551615K", "0x", "+5"] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn frequencies_ids_and_bytes() {
        assert_eq!("16MHz".parse(), Ok(Hertz(16_000_000)));
        assert_eq!("32768Hz".parse(), Ok(Hertz(32_768)));
        assert!("16mhz".parse::<Hertz>().is_err());
        assert_eq!("2e8a:000A".parse(), Ok(UsbId { vid: 0x2e8a, pid: 10 }));
        assert_eq!(UsbId { vid: 0x2e8a, pid: 10 }.to_string(), "2e8a:000a");
        for bad in ["2e8a", ":", "2e8a:", "12345:1", "+1:2"] {
            assert!(bad.parse::<UsbId>().is_err(), "{bad}");
        }
        assert_eq!("1e950f".parse(), Ok(Hex(vec![0x1e, 0x95, 0x0f])));
        assert!("1e9".parse::<Hex>().is_err() && "zz".parse::<Hex>().is_err());
    }
}
