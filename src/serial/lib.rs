//! Serial ports, reset touches, the monitor and panic decoding.
//!
//! Nothing here prints: the monitor writes into what its caller gives it, and tells about connections by a callback.

pub mod choose;
pub mod fake;
mod list;
pub mod monitor;
mod port;
pub mod terminal;
pub mod touch;

pub use choose::{ChooseError, choose};
pub use list::{PortInfo, UsbId, available};
pub use monitor::{End, Monitor, MonitorError, Status};
pub use port::{Opener, Port, open};
