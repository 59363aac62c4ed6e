//! The escape hatch: an external program, its words from a template such as
//! `dfu-util --alt 0 --download {bin}`.

use std::collections::BTreeMap;

use crate::{Error, Host, Phase, Progress};

/// The file forms that a template can name.
pub const FILES: [&str; 6] = ["hex", "elf", "bin", "uf2", "zip", "img"];

/// Splits the template into words (quotes group) without replacing anything.
fn split(template: &str) -> Result<Vec<String>, Error> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in template.chars() {
        match (quote, c) {
            (Some(q), c) if q == c => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    match quote {
        Some(q) => Err(Error::Template(template.to_string(), format!("{q} is not closed"))),
        None if words.is_empty() => Err(Error::Template(template.to_string(), "it is empty".to_string())),
        None => Ok(words),
    }
}

/// The tokens in braces that the template uses.
pub fn tokens(template: &str) -> Vec<&str> {
    template.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(token, _)| token).collect()
}

/// The words with every `{token}` replaced from `values`.
pub fn expand(template: &str, values: &BTreeMap<String, String>) -> Result<Vec<String>, Error> {
    if let Some(unknown) = tokens(template).into_iter().find(|t| !values.contains_key(*t)) {
        let text = format!("nothing is known for {{{unknown}}}");
        return Err(Error::Template(template.to_string(), text));
    }
    let mut words = split(template)?;
    for word in &mut words {
        for (token, value) in values {
            *word = word.replace(&format!("{{{token}}}"), value);
        }
    }
    Ok(words)
}

pub fn program(
    host: &mut dyn Host,
    words: &[String],
    progress: &mut dyn Progress,
    touched: &mut bool,
) -> Result<(), Error> {
    progress.phase(Phase::Writing, 0);
    let program = words.first().cloned().unwrap_or_default();
    let status = host.run(words).map_err(|source| Error::Spawn { program: program.clone(), source })?;
    if status.success() {
        return Ok(());
    }
    // It started and then failed: only it knows how far it came.
    *touched = true;
    Err(Error::Command { program, status: status.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_expand_by_word() {
        let values = BTreeMap::from([("hex".into(), "/a b/x.hex".into()), ("port".into(), "/dev/p".into())]);
        assert_eq!(
            expand("avrdude -P {port} -U flash:w:{hex}:i 'two words'", &values).unwrap(),
            ["avrdude", "-P", "/dev/p", "-U", "flash:w:/a b/x.hex:i", "two words"]
        );
        assert_eq!(tokens("x {port} {hex}:i {"), ["port", "hex"]);
        for bad in ["", "a 'b", "x {elf}"] {
            assert!(matches!(expand(bad, &values), Err(Error::Template(..))), "{bad}");
        }
    }
}
