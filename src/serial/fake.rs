//! Ports without hardware: a transcript that the host must follow to the byte, or a device in a closure.

use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::Port;

/// One line of a transcript.
#[derive(Clone, Debug)]
pub enum Step {
    /// The host must send exactly these bytes (in any number of writes).
    Expect(Vec<u8>),
    /// The device sends these bytes.
    Reply(Vec<u8>),
    /// The device stays quiet until the host's wait has timed out.
    Silence,
    /// The port disappears: this and every later operation fails.
    Vanish,
}

type Device = Box<dyn FnMut(&[u8]) -> io::Result<Vec<u8>> + Send>;

enum Behaviour {
    Script(VecDeque<Step>),
    Device(Device),
}

/// A port that answers as told. What happened to it can be read through [`Fake::log`] after the test.
pub struct Fake {
    behaviour: Behaviour,
    incoming: VecDeque<u8>,
    log: Log,
}

/// A view into a [`Fake`] that the code under test owns.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Events>>);

#[derive(Default)]
struct Events {
    lines: Vec<(bool, bool)>,
    mismatch: Option<String>,
    left: usize,
}

impl Log {
    /// Every value given to DTR and RTS.
    pub fn lines(&self) -> Vec<(bool, bool)> {
        self.0.lock().map(|e| e.lines.clone()).unwrap_or_default()
    }

    /// The transcript was followed to its end; else what was different.
    pub fn finish(&self) -> Result<(), String> {
        let events = self.0.lock().map_err(|e| e.to_string())?;
        match &events.mismatch {
            Some(text) => Err(text.clone()),
            None if events.left > 0 => {
                Err(format!("{} steps of the transcript were not reached", events.left))
            }
            None => Ok(()),
        }
    }
}

impl Fake {
    pub fn script(steps: impl IntoIterator<Item = Step>) -> Fake {
        let steps: VecDeque<Step> = steps.into_iter().collect();
        let log = Log::default();
        if let Ok(mut events) = log.0.lock() {
            events.left = steps.len();
        }
        Fake { behaviour: Behaviour::Script(steps), incoming: VecDeque::new(), log }
    }

    /// `device` gets every write of the host and returns what the device answers to it.
    pub fn device(device: impl FnMut(&[u8]) -> io::Result<Vec<u8>> + Send + 'static) -> Fake {
        Fake {
            behaviour: Behaviour::Device(Box::new(device)),
            incoming: VecDeque::new(),
            log: Log::default(),
        }
    }

    pub fn log(&self) -> Log {
        self.log.clone()
    }

    fn vanished() -> io::Error {
        io::Error::new(ErrorKind::BrokenPipe, "fake port has disappeared")
    }
}

impl Port for Fake {
    fn name(&self) -> &str {
        "fake"
    }

    fn read(&mut self, buffer: &mut [u8], _timeout: Duration) -> io::Result<usize> {
        if self.incoming.is_empty()
            && let Behaviour::Script(steps) = &mut self.behaviour
        {
            match steps.front() {
                Some(Step::Reply(bytes)) => {
                    self.incoming.extend(bytes);
                    steps.pop_front();
                }
                Some(Step::Silence) => {
                    steps.pop_front();
                }
                Some(Step::Vanish) => {
                    self.log.left(steps.len() - 1);
                    return Err(Fake::vanished());
                }
                Some(Step::Expect(_)) | None => {}
            }
            self.log.left(steps.len());
        }
        let n = buffer.len().min(self.incoming.len());
        for (to, from) in buffer.iter_mut().zip(self.incoming.drain(..n)) {
            *to = from;
        }
        Ok(n)
    }

    fn write(&mut self, mut data: &[u8], _timeout: Duration) -> io::Result<()> {
        let steps = match &mut self.behaviour {
            Behaviour::Device(device) => {
                self.incoming.extend(device(data)?);
                return Ok(());
            }
            Behaviour::Script(steps) => steps,
        };
        while !data.is_empty() {
            match steps.front_mut() {
                Some(Step::Expect(want)) if data.starts_with(want) => {
                    data = &data[want.len()..];
                    steps.pop_front();
                }
                Some(Step::Expect(want)) if want.starts_with(data) => {
                    want.drain(..data.len());
                    data = &[];
                }
                Some(Step::Vanish) => {
                    self.log.left(steps.len() - 1);
                    return Err(Fake::vanished());
                }
                other => {
                    let text = format!("the host sent {data:02x?}, the transcript has {other:02x?}");
                    self.log.mismatch(&text);
                    return Err(io::Error::new(ErrorKind::InvalidData, text));
                }
            }
        }
        self.log.left(steps.len());
        Ok(())
    }

    fn discard_input(&mut self) -> io::Result<()> {
        self.incoming.clear();
        Ok(())
    }

    fn set_lines(&mut self, dtr: bool, rts: bool) -> io::Result<bool> {
        if let Ok(mut events) = self.log.0.lock() {
            events.lines.push((dtr, rts));
        }
        Ok(false)
    }

    fn set_baud(&mut self, _baud: u32) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn left(&self, steps: usize) {
        if let Ok(mut events) = self.0.lock() {
            events.left = steps;
        }
    }

    fn mismatch(&self, text: &str) {
        if let Ok(mut events) = self.0.lock() {
            events.mismatch.get_or_insert_with(|| text.to_string());
        }
    }
}
