//! Nearest names, for "did you mean".

/// The candidates that are nearest to a name, nearest first, at most three; empty if none is near.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    // Longer than any board's name: whatever it is, it is no slip of the finger.
    if name.is_empty() || name.len() > 64 {
        return Vec::new();
    }
    let name = simplify(name);
    let limit = (name.chars().count() / 3).clamp(1, 4);
    let mut found: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| {
            let plain = simplify(candidate);
            let distance = if plain == name { 0 } else { distance(&name, &plain) };
            let prefix = name.chars().count() >= 3 && plain.starts_with(&name);
            (distance <= limit || prefix).then_some((distance, candidate))
        })
        .collect();
    found.sort_unstable();
    found.into_iter().take(3).map(|(_, candidate)| candidate.to_owned()).collect()
}

/// Lower case, and without the characters that people put in or leave out.
fn simplify(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect()
}

/// The number of insertions, deletions, replacements and swaps of neighbours between two texts (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replace = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replace.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                let swapped: &Vec<usize> = &before;
                best = best.min(swapped[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_slips() {
        let names = ["arduino", "arduino-mega2560", "microbit", "pico", "hifive1b"];
        let near = |n| nearest(n, names);
        assert_eq!(near("arduno"), ["arduino"]);
        assert_eq!(near("mircobit"), ["microbit"]);
        assert_eq!(near("Pico"), ["pico"]);
        assert_eq!(near("hifive"), ["hifive1b"]);
        assert_eq!(near("arduinomega2560"), ["arduino-mega2560"]);
        assert!(near("teensy41").is_empty() && near("").is_empty());
        assert_eq!(distance("ab", "ba"), 1);
    }
}
