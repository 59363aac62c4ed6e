//! The 1200-baud touch: boards with native USB start their bootloader when a host opens the port at 1200 baud and lets
//! DTR go, and then come back as another port or as a volume.

use std::io;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::{Opener, PortInfo, UsbId};

/// Touches the port; three tries, as the port may be busy for a moment after it was plugged in.
pub fn touch_1200(name: &str, opener: Opener) -> io::Result<()> {
    let mut last = None;
    for attempt in 0..3 {
        if attempt > 0 {
            sleep(Duration::from_millis(500));
        }
        match opener(name, 1200) {
            Ok(mut port) => {
                // The board may leave the bus while the line changes: that is success, not failure.
                let _ = port.set_lines(false, true);
                return Ok(());
            }
            Err(e) => last = Some(e),
        }
    }
    Err(last.unwrap_or_else(|| io::Error::other("no attempt was made")))
}

/// After a touch: the port at which the bootloader answers, or `None` within `timeout`.
///
/// `before` is the list from before the touch. A port with one of `ids` that was not there wins; so does any new port;
/// the old name counts once it has been away, or after half the time (some boards return too fast to be seen away).
pub fn wait_for_return(
    old: &str,
    before: &[PortInfo],
    ids: &[UsbId],
    timeout: Duration,
    list: &mut dyn FnMut() -> Vec<PortInfo>,
) -> Option<String> {
    let start = Instant::now();
    let mut was_away = false;
    loop {
        let now = list();
        let fresh: Vec<&PortInfo> = now.iter().filter(|p| !before.contains(p)).collect();
        let by_id = fresh.iter().find(|p| p.usb.is_some_and(|id| ids.contains(&id)));
        if let Some(port) = by_id.or(fresh.first()) {
            return Some(port.name.clone());
        }
        let here = now.iter().any(|p| p.name == old);
        was_away |= !here;
        if here && (was_away || start.elapsed() > timeout / 2) {
            return Some(old.to_string());
        }
        if start.elapsed() > timeout {
            return None;
        }
        sleep(Duration::from_millis(50));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::Fake;

    fn port(name: &str, product: u16) -> PortInfo {
        let usb = Some(UsbId { vendor: 0x2341, product });
        PortInfo { name: name.into(), usb, product: None, serial_number: None }
    }

    #[test]
    fn touch_drops_dtr_at_1200_baud_and_retries() {
        let fake = Fake::script([]);
        let log = fake.log();
        let mut fake = Some(fake);
        let mut tries = 0;
        touch_1200("p", &mut |name, baud| {
            assert_eq!((name, baud), ("p", 1200));
            tries += 1;
            if tries == 1 {
                return Err(io::Error::other("busy"));
            }
            fake.take().map(|f| Box::new(f) as Box<dyn crate::Port>).ok_or_else(|| io::Error::other("gone"))
        })
        .unwrap();
        assert_eq!((tries, log.lines()), (2, vec![(false, true)]));
    }

    #[test]
    fn the_bootloader_is_the_new_port() {
        let before = [port("a", 0x8036), port("b", 1)];
        let mut rounds = vec![vec![port("b", 1)], vec![port("b", 1), port("c", 0x0036)]].into_iter();
        let found =
            wait_for_return("a", &before, &[], Duration::from_secs(1), &mut || rounds.next().unwrap());
        assert_eq!(found.as_deref(), Some("c"));
        let mut rounds = vec![vec![], vec![port("a", 0x8036)]].into_iter();
        let found =
            wait_for_return("a", &before, &[], Duration::from_secs(1), &mut || rounds.next().unwrap());
        assert_eq!(found.as_deref(), Some("a"));
        let found = wait_for_return("a", &before, &[], Duration::from_millis(60), &mut Vec::new);
        assert_eq!(found, None);
    }
}
