//! The program as bytes at addresses, cut into the pages that flash memory is written in.

use crate::Error;

/// Consecutive bytes from `address` on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    pub address: u32,
    pub data: Vec<u8>,
}

/// Segments in the order of their addresses, none empty, none overlapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    segments: Vec<Segment>,
}

impl Image {
    pub fn new(segments: impl IntoIterator<Item = (u32, Vec<u8>)>) -> Result<Image, Error> {
        let mut segments: Vec<Segment> = segments
            .into_iter()
            .filter(|(_, data)| !data.is_empty())
            .map(|(address, data)| Segment { address, data })
            .collect();
        segments.sort_by_key(|s| s.address);
        if segments.is_empty() {
            return Err(Error::Empty);
        }
        for s in &segments {
            if s.end() > 1 << 32 {
                return Err(Error::Beyond {
                    chip: "any chip".into(),
                    start: s.address,
                    end: s.end(),
                    limit: u32::MAX,
                });
            }
        }
        for pair in segments.windows(2) {
            if pair[0].end() > u64::from(pair[1].address) {
                return Err(Error::Overlap { address: pair[1].address });
            }
        }
        Ok(Image { segments })
    }

    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Bytes of data, gaps not counted.
    pub fn size(&self) -> usize {
        self.segments.iter().map(|s| s.data.len()).sum()
    }

    /// One past the last byte.
    pub fn end(&self) -> u64 {
        self.segments.last().map_or(0, Segment::end)
    }

    /// Whole pages that hold data, unused bytes 0xFF as in erased flash. `size` is a power of two.
    pub fn pages(&self, size: usize) -> Vec<Segment> {
        let mask = size as u32 - 1;
        let mut pages: Vec<Segment> = Vec::new();
        for segment in &self.segments {
            let mut address = segment.address;
            let mut rest = segment.data.as_slice();
            while !rest.is_empty() {
                let base = address & !mask;
                let offset = (address - base) as usize;
                let n = rest.len().min(size - offset);
                if pages.last().is_none_or(|p| p.address != base) {
                    pages.push(Segment { address: base, data: vec![0xFF; size] });
                }
                if let Some(page) = pages.last_mut() {
                    page.data[offset..offset + n].copy_from_slice(&rest[..n]);
                }
                rest = &rest[n..];
                address = address.wrapping_add(n as u32);
            }
        }
        pages
    }
}

impl Segment {
    pub fn end(&self) -> u64 {
        u64::from(self.address) + self.data.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_whole_and_share_segments() {
        let image = Image::new([(6, vec![3, 4, 5]), (1, vec![1, 2]), (20, vec![6])]).unwrap();
        assert_eq!((image.size(), image.end()), (6, 21));
        let pages = image.pages(4);
        let f = 0xFF;
        assert_eq!(
            pages,
            [
                Segment { address: 0, data: vec![f, 1, 2, f] },
                Segment { address: 4, data: vec![f, f, 3, 4] },
                Segment { address: 8, data: vec![5, f, f, f] },
                Segment { address: 20, data: vec![6, f, f, f] },
            ]
        );
    }

    #[test]
    fn wrong_images_are_errors() {
        assert!(matches!(Image::new([(0, vec![])]), Err(Error::Empty)));
        assert!(matches!(Image::new([(0, vec![1, 2]), (1, vec![3])]), Err(Error::Overlap { address: 1 })));
        assert!(Image::new([(u32::MAX, vec![1, 2])]).is_err());
        let top = Image::new([(u32::MAX, vec![1])]).unwrap();
        assert_eq!(top.pages(4)[0].data, [0xFF, 0xFF, 0xFF, 1]);
    }
}
