//! Damaged inputs for the tests of readers: repeatable, and as many as MUTATIONS says (default 2,000).

/// Calls `check` with damaged copies of `input`; `check` must return.
pub(crate) fn each(input: &[u8], mut check: impl FnMut(&[u8])) {
    let count = std::env::var("MUTATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(2_000u32);
    // Marsaglia's xorshift64, with a fixed start.
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as usize % below.max(1)
    };
    for _ in 0..count {
        let mut bytes = input.to_vec();
        for _ in 0..=random(4) {
            let at = random(bytes.len());
            match random(6) {
                _ if bytes.is_empty() => bytes.push(random(256) as u8),
                0 => bytes[at] ^= 1 << random(8),
                1 => bytes[at] = random(256) as u8,
                2 => bytes.truncate(at),
                3 => bytes.insert(at, random(256) as u8),
                4 => drop(bytes.remove(at)),
                // A piece of the input at another place.
                _ => {
                    let from = random(bytes.len());
                    let piece = bytes[from..(from + random(40)).min(bytes.len())].to_vec();
                    bytes.splice(at..at, piece);
                }
            }
        }
        check(&bytes);
    }
}
