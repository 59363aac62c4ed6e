//! How names of the files become Go identifiers.

/// A register's, field's or value's name as an exported identifier: whole in capitals if it does not begin with one or
/// with a digit, `_` for what cannot stand in an identifier.
pub fn exported(name: &str) -> String {
    let name = name.trim();
    let starts = name.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit());
    let clean = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' });
    if starts { clean.collect() } else { clean.map(|c| c.to_ascii_uppercase()).collect() }
}

/// The name of a struct's field or of a package variable: [`exported`], and never with a digit in front.
pub fn identifier(name: &str) -> String {
    let name = exported(name);
    if name.starts_with(|c: char| c.is_ascii_uppercase()) {
        name
    } else {
        format!("X_{}", name.trim_start_matches('_'))
    }
}

/// The part of a name that `%s` in it leaves: `CC[%s]` and `CC%s` are CC.
pub fn without_index(name: &str) -> String {
    name.replace("[%s]", "").replace("%s", "")
}

/// A description on one line.
pub fn one_line(text: &str) -> String {
    // Vendors write line breaks as a backslash and an n.
    text.replace("\\n", " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers() {
        assert_eq!(exported("txdata"), "TXDATA");
        assert_eq!(exported("SPM_Ready"), "SPM_Ready");
        assert_eq!(exported("CNT[31]"), "CNT_31_");
        assert_eq!(exported("0"), "0");
        assert_eq!(identifier("0"), "X_0");
        assert_eq!(identifier("_lock"), "X_LOCK");
        assert_eq!(without_index("PIN_CNF[%s]"), "PIN_CNF");
        assert_eq!(one_line("a\\n\n   b"), "a b");
    }
}
