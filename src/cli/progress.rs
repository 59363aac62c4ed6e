//! The progress bar of flashing.

use flash::{Phase, Progress};
use indicatif::{ProgressBar, ProgressStyle};

/// Draws one bar a phase to standard error; where that is no terminal, a line for each.
#[derive(Default)]
pub struct Bar {
    bar: Option<ProgressBar>,
}

impl Progress for Bar {
    fn phase(&mut self, phase: Phase, total: u64) {
        self.finish();
        let bar = if total == 0 { ProgressBar::new_spinner() } else { ProgressBar::new(total) };
        let template = if total == 0 {
            "{msg:>12} {spinner}"
        } else {
            "{msg:>12} [{bar:40}] {bytes}/{total_bytes} {elapsed}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(phase.to_string());
        self.bar = Some(bar);
    }

    fn done(&mut self, bytes: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(bytes);
        }
    }

    fn note(&mut self, text: &str) {
        match &self.bar {
            Some(bar) if !bar.is_hidden() => bar.println(text),
            _ => eprintln!("{text}"),
        }
    }
}

impl Bar {
    /// Leaves the last bar on the screen as it is.
    pub fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            match bar.length() {
                Some(_) => bar.abandon(),
                None => bar.finish_and_clear(),
            }
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.finish();
    }
}
