//! The text of a format (package fmt, "Printing"): literal text and verbs with their flags.

/// What stands between `%` and the verb.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Flags {
    pub sharp: bool,
    pub zero: bool,
    pub plus: bool,
    pub minus: bool,
    pub space: bool,
    /// `%+v`
    pub plus_v: bool,
    pub width: Option<i64>,
    pub precision: Option<i64>,
}

impl Flags {
    /// As `fmt.partFlags` takes them.
    pub fn bits(&self) -> i64 {
        let all = [
            self.sharp,
            self.zero,
            self.plus,
            self.minus,
            self.space,
            self.plus_v,
            self.width.is_some(),
            self.precision.is_some(),
        ];
        all.iter().enumerate().map(|(bit, &set)| i64::from(set) << bit).sum()
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Item {
    Text(Vec<u8>),
    Verb(char, Flags),
}

/// The items of a format; `None` for one that takes its operands out of order, or widths from them, or is wrong.
pub(crate) fn items(format: &[u8]) -> Option<Vec<Item>> {
    let mut items = Vec::new();
    let mut rest = format;
    while !rest.is_empty() {
        let text = rest.iter().position(|&c| c == b'%').unwrap_or(rest.len());
        if text > 0 {
            items.push(Item::Text(rest[..text].to_vec()));
        }
        let Some(directive) = rest.get(text + 1..) else { break };
        let (item, length) = directive_at(directive)?;
        items.push(item);
        rest = &directive[length..];
    }
    Some(items)
}

/// The directive behind a `%`, and its length.
fn directive_at(text: &[u8]) -> Option<(Item, usize)> {
    let mut flags = Flags::default();
    let mut at = 0;
    loop {
        match text.get(at)? {
            b'#' => flags.sharp = true,
            b'0' => flags.zero = true,
            b'+' => flags.plus = true,
            b'-' => flags.minus = true,
            b' ' => flags.space = true,
            _ => break,
        }
        at += 1;
    }
    flags.width = number(text, &mut at)?;
    if text.get(at) == Some(&b'.') {
        at += 1;
        flags.precision = Some(number(text, &mut at)?.unwrap_or(0));
    }
    let verb = char::from(*text.get(at)?);
    at += 1;
    match verb {
        // Flags mean nothing to it.
        '%' => return Some((Item::Text(b"%".to_vec()), at)),
        'a'..='z' | 'A'..='Z' => {}
        _ => return None,
    }
    if matches!(verb, 'v' | 'w') {
        flags.plus_v = std::mem::take(&mut flags.plus);
    }
    Some((Item::Verb(verb, flags), at))
}

/// A number, if one stands here; `None` if it is larger than package fmt takes.
fn number(text: &[u8], at: &mut usize) -> Option<Option<i64>> {
    const LARGEST: i64 = 1_000_000;
    let mut value = None;
    while let Some(digit) = text.get(*at).filter(|c| c.is_ascii_digit()) {
        value = Some(value.unwrap_or(0) * 10 + i64::from(digit - b'0'));
        *at += 1;
        if value > Some(LARGEST) {
            return None;
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(s: &str) -> Item {
        Item::Text(s.as_bytes().to_vec())
    }

    #[test]
    fn text_and_verbs() {
        assert_eq!(
            items(b"a%db%%%+.3e"),
            Some(vec![
                text("a"),
                Item::Verb('d', Flags::default()),
                text("b"),
                text("%"),
                Item::Verb('e', Flags { plus: true, precision: Some(3), ..Flags::default() }),
            ])
        );
        assert_eq!(items(b""), Some(vec![]));
        assert_eq!(
            items("%-08xé".as_bytes()),
            Some(vec![
                Item::Verb('x', Flags { zero: true, minus: true, width: Some(8), ..Flags::default() }),
                text("é"),
            ])
        );
    }

    #[test]
    fn plus_belongs_to_the_verb_v() {
        let flags = Flags { plus_v: true, ..Flags::default() };
        assert_eq!(items(b"%+v"), Some(vec![Item::Verb('v', flags)]));
        assert_eq!(flags.bits(), 32);
    }

    #[test]
    fn a_dot_alone_is_precision_zero() {
        let flags = Flags { precision: Some(0), ..Flags::default() };
        assert_eq!(items(b"%.f"), Some(vec![Item::Verb('f', flags)]));
    }

    #[test]
    fn what_is_left_to_the_library() {
        for format in ["%", "a%", "%5", "%.", "%[1]d", "%*d", "%.*d", "%é", "%!", "%1000001d"] {
            assert_eq!(items(format.as_bytes()), None, "{format}");
        }
    }
}
