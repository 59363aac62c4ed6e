//! The raw image: memory as it is, from the lowest address on.

use super::Segment;

/// Gaps below this are filled with zeros; a larger one means that the parts belong to different memories.
const LARGEST_GAP: u64 = 4096;

/// One run of bytes with its address. `segments` are sorted, as [`super::segments`] returns them.
pub fn write(segments: &[Segment]) -> Result<Segment, String> {
    let Some(first) = segments.first() else {
        return Err("the file holds nothing to load".to_string());
    };
    let mut image = Segment { addr: first.addr, data: Vec::new() };
    for segment in segments {
        let gap = u64::from(segment.addr).checked_sub(image.end()).ok_or("segments overlap")?;
        if gap >= LARGEST_GAP {
            return Err(format!(
                "ROM segments are non-contiguous: nothing between {:#x} and {:#x}; a raw image cannot express that",
                image.end(),
                segment.addr
            ));
        }
        image.data.resize(image.data.len() + gap as usize, 0);
        image.data.extend_from_slice(&segment.data);
    }
    Ok(image)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_gaps_are_filled_and_large_ones_refused() {
        let segments =
            |second| [Segment { addr: 16, data: vec![1] }, Segment { addr: second, data: vec![2] }];
        assert_eq!(write(&segments(20)).unwrap(), Segment { addr: 16, data: vec![1, 0, 0, 0, 2] });
        assert_eq!(write(&segments(17 + 4095)).unwrap().data.len(), 4097);
        assert!(write(&segments(17 + 4096)).unwrap_err().starts_with("ROM segments are non-contiguous"));
        assert!(write(&[]).is_err());
    }
}
