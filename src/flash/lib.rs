//! One module per flash protocol: plan, print with -x, execute.
//!
//! [`Plan::new`] checks everything that can be known without the board; the plan's `Display` is what `-x` shows;
//! [`Plan::execute`] does it through a [`Host`], which tests replace. The image comes as segments: this crate knows
//! nothing of ELF or hex files.

pub mod avr;
mod command;
mod error;
mod host;
mod image;
mod msd;
mod plan;
#[cfg(feature = "probe")]
mod probe;
mod progress;
mod stk500v1;
mod stk500v2;
mod uf2;
mod volume;
mod wire;

pub use error::{BoardState, Error, Failure};
pub use host::{Host, System, Volume};
pub use image::{Image, Segment};
pub use plan::{Format, Job, Method, Outcome, Plan};
pub use progress::{Phase, Progress, Silent};
