//! lld inside this process: a line of arguments in, exit status and text out.
#![allow(unsafe_code)] // the C interface of the shim in lld.cpp

use std::ffi::{CStr, CString, c_char, c_int};
use std::sync::Mutex;

unsafe extern "C" {
    fn lld_run(argv: *const *const c_char, argc: usize, text: *mut *mut c_char) -> c_int;
    fn lld_free_text(text: *mut c_char);
}

/// How a run of lld ended.
pub enum Outcome {
    /// Linked; the text holds warnings.
    Done,
    /// Refused its input; the text says why.
    Failed,
    /// Crashed; it cannot be called again in this process.
    Crashed,
}

/// lld keeps its state in globals: one link at a time, and none after a crash.
static CRASHED: Mutex<bool> = Mutex::new(false);

/// Runs lld; `args[0]` is `ld.lld` or `wasm-ld`.
pub fn run(args: &[String]) -> (Outcome, String) {
    let mut crashed = CRASHED.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if *crashed {
        return (Outcome::Crashed, "lld crashed earlier in this process".to_string());
    }
    let strings: Result<Vec<CString>, _> = args.iter().map(|arg| CString::new(arg.as_str())).collect();
    let Ok(strings) = strings else {
        return (Outcome::Failed, "an argument of the linker contains a zero byte".to_string());
    };
    let _alone = codegen::LLVM_OPTIONS.write().unwrap_or_else(|poisoned| poisoned.into_inner());
    let argv: Vec<*const c_char> = strings.iter().map(|string| string.as_ptr()).collect();
    let mut text: *mut c_char = std::ptr::null_mut();
    // SAFETY: argv points to argc strings that outlive the call; the text is the shim's own copy and released once.
    let (status, printed) = unsafe {
        let status = lld_run(argv.as_ptr(), argv.len(), &mut text);
        let printed = if text.is_null() {
            String::new()
        } else {
            let printed = CStr::from_ptr(text).to_string_lossy().into_owned();
            lld_free_text(text);
            printed
        };
        (status, printed)
    };
    match status {
        0 => (Outcome::Done, printed),
        -1 => {
            *crashed = true;
            (Outcome::Crashed, printed)
        }
        _ => (Outcome::Failed, printed),
    }
}
