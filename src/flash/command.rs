//! The escape hatch: an external program, its words given by the board file, such as
//! `dfu-util --alt 0 --download {bin}`.

use std::collections::BTreeMap;

use crate::{Error, Host, Phase, Progress};

/// The file forms that a template can name.
pub const FILES: [&str; 6] = ["hex", "elf", "bin", "uf2", "zip", "img"];

/// The tokens in braces that the words use.
pub fn tokens(words: &[String]) -> Vec<&str> {
    let parts = words.iter().flat_map(|w| w.split('{').skip(1));
    parts.filter_map(|part| part.split_once('}')).map(|(token, _)| token).collect()
}

/// The words with every `{token}` replaced from `values`.
pub fn expand(words: &[String], values: &BTreeMap<String, String>) -> Result<Vec<String>, Error> {
    let wrong = |text: String| Error::Template(words.join(" "), text);
    if words.is_empty() {
        return Err(wrong("it is empty".to_string()));
    }
    if let Some(unknown) = tokens(words).into_iter().find(|t| !values.contains_key(*t)) {
        return Err(wrong(format!("nothing is known for {{{unknown}}}")));
    }
    let replace = |word: &String| {
        values.iter().fold(word.clone(), |word, (token, value)| word.replace(&format!("{{{token}}}"), value))
    };
    Ok(words.iter().map(replace).collect())
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
    fn tokens_are_replaced_within_words() {
        let split = |text: &str| text.split(' ').map(str::to_string).collect::<Vec<_>>();
        let values = BTreeMap::from([("hex".into(), "/a b/x.hex".into()), ("port".into(), "/dev/p".into())]);
        assert_eq!(
            expand(&split("avrdude -P {port} -U flash:w:{hex}:i"), &values).unwrap(),
            ["avrdude", "-P", "/dev/p", "-U", "flash:w:/a b/x.hex:i"]
        );
        assert_eq!(tokens(&split("x {port} {hex}:i {")), ["port", "hex"]);
        assert!(matches!(expand(&[], &values), Err(Error::Template(..))));
        let error = expand(&split("x {elf}"), &values).unwrap_err().to_string();
        assert!(error.contains("{elf}"), "{error}");
    }
}
