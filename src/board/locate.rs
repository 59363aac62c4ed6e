//! Finds the line of a field in a YAML text, for errors that show only after the files were merged.

/// The 1-based line on which the field with this path stands, by indentation, and how much of the path was found.
/// Of a flow map (`{a: 1}`) the line is known, and counts as the whole path.
pub fn line_of(text: &str, path: &[&str]) -> Option<(usize, usize)> {
    let mut wanted = path;
    let mut parents: Vec<usize> = Vec::new();
    let mut last = None;
    for (number, line) in text.lines().enumerate() {
        let content = line.trim_start();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let indent = line.len() - content.len();
        // Leaving the block of the last key that matched: the rest of the path is not in it.
        if parents.last().is_some_and(|&parent| indent <= parent) {
            return last;
        }
        let Some((key, rest)) = wanted.split_first() else { return last };
        if parents.is_empty() && indent != 0 {
            continue;
        }
        if let Some(value) = value_of(content, key) {
            let flow = value.trim_start().starts_with('{');
            let depth = if flow { path.len() } else { path.len() - rest.len() };
            last = Some((number + 1, depth));
            if rest.is_empty() || flow {
                return last;
            }
            parents.push(indent);
            wanted = rest;
        }
    }
    last
}

/// What stands behind `key:`, with or without quotes around the key.
fn value_of<'a>(content: &'a str, key: &str) -> Option<&'a str> {
    let rest = ["", "\"", "'"]
        .iter()
        .find_map(|quote| content.strip_prefix(quote)?.strip_prefix(key)?.strip_prefix(quote))?;
    let value = rest.trim_start().strip_prefix(':')?;
    (value.is_empty() || value.starts_with([' ', '\t'])).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_nested_keys() {
        let text = "# c\nllvm:\n  cpu: x\n\npins:\n  LED: PB9\n  \"D1\": PB1\nmemory:\n  ram: {origin: 0, length: 1}\n";
        assert_eq!(line_of(text, &["llvm", "cpu"]), Some((3, 2)));
        assert_eq!(line_of(text, &["pins", "LED"]), Some((6, 2)));
        assert_eq!(line_of(text, &["pins", "D1"]), Some((7, 2)));
        assert_eq!(line_of(text, &["memory", "ram", "length"]), Some((9, 3)));
        assert_eq!(line_of(text, &["pins", "D2"]), Some((5, 1)));
        assert_eq!(line_of(text, &["cpu"]), None);
    }
}
