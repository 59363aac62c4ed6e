//! `tinygo test -json`: what a test program prints as a stream of events, as `go tool test2json` describes them.
//!
//! The program is told (`-test.v=test2json`) to mark the lines that are its own reports, and from Go 1.27 on what belongs
//! to errors, with control characters that no test prints by accident.

use std::io::Write;

/// Begins a line of the testing package's own.
const FRAME: u8 = 0x16;
/// Around the text of an error.
const ERROR_BEGIN: u8 = 0x0F;
const ERROR_END: u8 = 0x0E;
/// Before a control character that a test printed itself.
const ESCAPE: u8 = 0x1B;

const UPDATES: [&str; 9] =
    ["RUN   ", "PAUSE ", "CONT  ", "NAME  ", "PASS  ", "FAIL  ", "SKIP  ", "ATTR  ", "ARTIFACTS "];
const REPORTS: [&str; 4] = ["PASS: ", "FAIL: ", "SKIP: ", "BENCH: "];

/// The events of one package.
pub struct Events<'a, W: Write> {
    package: &'a str,
    out: W,
    /// Tells the time for `Time`.
    now: fn() -> String,
    /// Bytes of the line that is not complete yet.
    line: Vec<u8>,
    /// The test that prints.
    test: String,
    /// Results that wait for what is printed below them: action, test, seconds. The outer tests come first.
    pending: Vec<(String, String, Option<f64>)>,
    /// Lines without a mark are output, even if they look like reports.
    marked: bool,
    in_error: bool,
    escaped: bool,
    result: &'static str,
}

/// The fields of an event beside time, package and test.
#[derive(Default)]
struct Fields<'a> {
    elapsed: Option<f64>,
    output: Option<&'a [u8]>,
    output_type: &'a str,
    failed_build: &'a str,
    key: &'a str,
    value: &'a str,
    path: &'a str,
}

impl<'a, W: Write> Events<'a, W> {
    /// Starts a package.
    pub fn start(package: &'a str, out: W, now: fn() -> String) -> Events<'a, W> {
        let mut events = Events {
            package,
            out,
            now,
            line: Vec::new(),
            test: String::new(),
            pending: Vec::new(),
            marked: false,
            in_error: false,
            escaped: false,
            result: "",
        };
        events.event("start", "", &Fields::default());
        events
    }

    /// Takes more of what the program prints.
    pub fn print(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            // What stands before a mark is a line of its own, though it has no end.
            if byte == FRAME && !self.escaped && !self.line.is_empty() {
                self.flush();
            }
            self.escaped = byte == ESCAPE && !self.escaped;
            self.line.push(byte);
            if byte == b'\n' {
                self.flush();
            }
        }
    }

    /// What the command itself says below the program's output.
    pub fn print_own(&mut self, text: &str) {
        self.flush();
        self.marked = false;
        text.split_inclusive('\n').for_each(|line| self.whole_line(line.as_bytes()));
    }

    /// Ends a package: `ok` says how the program ended.
    pub fn finish(mut self, ok: bool, seconds: f64, failed_build: &str) {
        self.flush();
        self.deliver(0);
        let result = match (ok, self.result) {
            (false, _) => "fail",
            (true, "skip") => "skip",
            (true, _) => "pass",
        };
        let elapsed = Some((seconds * 1000.0).round() / 1000.0);
        self.event(result, "", &Fields { elapsed, failed_build, ..Fields::default() });
    }

    fn flush(&mut self) {
        let line = std::mem::take(&mut self.line);
        if !line.is_empty() {
            self.whole_line(&line);
        }
    }

    fn whole_line(&mut self, line: &[u8]) {
        let marked = line[0] == FRAME;
        let line = if marked { &line[1..] } else { line };
        if self.marked && !marked {
            return self.output(line);
        }
        let text = String::from_utf8_lossy(line).into_owned();
        let bare = text.trim_end_matches(['\n', '\r']);
        if bare == "PASS" || bare == "FAIL" || bare.starts_with("FAIL\t") {
            self.marked = marked;
            self.deliver(0);
            if bare != "PASS" {
                self.result = "fail";
            }
            return self.frame(&text);
        }
        if bare.starts_with("?   \t") && bare.ends_with("\t[no test files]") && self.pending.is_empty() {
            self.result = "skip";
        }
        if let Some(update) = bare.strip_prefix("=== ")
            && UPDATES.iter().any(|known| format!("{update} ").starts_with(known))
        {
            self.marked = marked;
            return self.update(update, &text);
        }
        let inner = bare.trim_start_matches("    ");
        let indent = (bare.len() - inner.len()) / 4;
        match inner.strip_prefix("--- ") {
            Some(report)
                if REPORTS.iter().any(|known| report.starts_with(known)) && indent <= self.pending.len() =>
            {
                self.marked = marked;
                self.report(indent, report, &text);
            }
            _ => {
                // Below a report stands what its test logged.
                if (1..=self.pending.len()).contains(&indent) {
                    self.test = self.pending[indent - 1].1.clone();
                }
                self.output(line);
            }
        }
    }

    /// `=== RUN   TestX`
    fn update(&mut self, update: &str, text: &str) {
        let (action, rest) = update.split_once(' ').unwrap_or((update, ""));
        let action = action.to_lowercase();
        let mut fields = Fields::default();
        let mut name = rest.trim();
        if action == "attr" || action == "artifacts" {
            let (test, rest) = name.split_once(' ').unwrap_or((name, ""));
            name = test;
            match action.as_str() {
                "attr" => (fields.key, fields.value) = rest.split_once(' ').unwrap_or((rest, "")),
                _ => fields.path = rest,
            }
        }
        self.deliver(0);
        self.test = name.to_owned();
        match action.as_str() {
            // Only says who prints from now on.
            "name" => {}
            "pause" => {
                self.frame(text);
                self.event(&action, name, &fields);
            }
            _ => {
                self.event(&action, name, &fields);
                self.frame(text);
            }
        }
    }

    /// `--- PASS: TestX (0.01s)`
    fn report(&mut self, indent: usize, report: &str, text: &str) {
        let (action, rest) = report.split_once(": ").unwrap_or((report, ""));
        let (name, time) = rest.split_once(" (").unwrap_or((rest, ""));
        let elapsed = time.strip_suffix("s)").and_then(|seconds| seconds.parse().ok());
        self.deliver(indent);
        self.test = name.trim().to_owned();
        self.pending.push((action.to_lowercase(), self.test.clone(), elapsed));
        self.frame(text);
    }

    /// Results are final once something follows that does not belong to them.
    fn deliver(&mut self, depth: usize) {
        self.test.clear();
        while self.pending.len() > depth {
            if let Some((action, test, elapsed)) = self.pending.pop() {
                self.event(&action, &test, &Fields { elapsed, ..Fields::default() });
            }
        }
    }

    fn frame(&mut self, text: &str) {
        let test = self.test.clone();
        self.event(
            "output",
            &test,
            &Fields { output: Some(text.as_bytes()), output_type: "frame", ..Fields::default() },
        );
    }

    /// Output in pieces: what belongs to an error is an event of its own.
    fn output(&mut self, line: &[u8]) {
        let mut piece = Vec::new();
        let mut kind = if self.in_error { "error-continue" } else { "" };
        let mut bytes = line.iter().copied().peekable();
        while let Some(byte) = bytes.next() {
            match byte {
                ESCAPE => piece.extend(bytes.next()),
                ERROR_BEGIN => {
                    self.piece(&mut piece, kind);
                    self.in_error = true;
                    kind = "error";
                }
                ERROR_END => {
                    piece.extend(bytes.next_if_eq(&b'\n'));
                    self.piece(&mut piece, kind);
                    self.in_error = false;
                    kind = "";
                }
                byte => piece.push(byte),
            }
        }
        self.piece(&mut piece, kind);
    }

    fn piece(&mut self, piece: &mut Vec<u8>, output_type: &str) {
        if piece.is_empty() {
            return;
        }
        let test = self.test.clone();
        let piece = std::mem::take(piece);
        self.event("output", &test, &Fields { output: Some(&piece), output_type, ..Fields::default() });
    }

    fn event(&mut self, action: &str, test: &str, fields: &Fields) {
        let mut line = format!("{{\"Time\":{},\"Action\":{}", quote(&(self.now)()), quote(action));
        let mut add = |name: &str, value: String| line.push_str(&format!(",\"{name}\":{value}"));
        add("Package", quote(self.package));
        let texts = |add: &mut dyn FnMut(&str, String), list: &[(&str, &str)]| {
            list.iter()
                .filter(|(_, value)| !value.is_empty())
                .for_each(|(name, value)| add(name, quote(value)));
        };
        texts(&mut add, &[("Test", test)]);
        if let Some(seconds) = fields.elapsed {
            add("Elapsed", seconds.to_string());
        }
        if let Some(output) = fields.output {
            add("Output", quote(&String::from_utf8_lossy(output)));
        }
        texts(
            &mut add,
            &[
                ("OutputType", fields.output_type),
                ("FailedBuild", fields.failed_build),
                ("Key", fields.key),
                ("Value", fields.value),
                ("Path", fields.path),
            ],
        );
        line.push_str("}\n");
        // A reader that went away is told by its absence.
        let _ = self.out.write_all(line.as_bytes());
    }
}

/// What the compiler says of a package that does not build.
pub fn build_failed(package: &str, message: &str, mut out: impl Write) {
    let head = format!("{{\"ImportPath\":{},\"Action\":", quote(package));
    for line in message.lines() {
        let output = quote(&format!("{line}\n"));
        let _ = writeln!(out, "{head}\"build-output\",\"Output\":{output}}}");
    }
    let _ = writeln!(out, "{head}\"build-fail\"}}");
}

/// A string in JSON as Go's package writes it, in which HTML may stand around it.
fn quote(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap_or_default();
    let mut out = String::with_capacity(quoted.len());
    for c in quoted.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The events of a program's output, without their times and package.
    fn events(printed: &str, ok: bool) -> Vec<String> {
        let mut out = Vec::new();
        let mut events = Events::start("p", &mut out, String::new);
        // In pieces, as a pipe has them.
        printed.as_bytes().chunks(3).for_each(|chunk| events.print(chunk));
        events.finish(ok, 0.0123, "");
        let text = String::from_utf8(out).unwrap();
        text.lines()
            .map(|line| line.replace("\"Time\":\"\",", "").replace(",\"Package\":\"p\"", ""))
            .collect()
    }

    #[test]
    fn reports_and_output() {
        let printed = "\x16=== RUN   TestA\nplain <text>\n\x16=== RUN   TestA/sub\n=== RUN   fake\n    a_test.go:1: log\n\
                       \x16--- PASS: TestA/sub (0.25s)\nno end\x16--- FAIL: TestA (1.50s)\nFAIL\n\x16FAIL\n";
        let expected = [
            r#"{"Action":"start"}"#,
            r#"{"Action":"run","Test":"TestA"}"#,
            r#"{"Action":"output","Test":"TestA","Output":"=== RUN   TestA\n","OutputType":"frame"}"#,
            r#"{"Action":"output","Test":"TestA","Output":"plain \u003ctext\u003e\n"}"#,
            r#"{"Action":"run","Test":"TestA/sub"}"#,
            r#"{"Action":"output","Test":"TestA/sub","Output":"=== RUN   TestA/sub\n","OutputType":"frame"}"#,
            r#"{"Action":"output","Test":"TestA/sub","Output":"=== RUN   fake\n"}"#,
            r#"{"Action":"output","Test":"TestA/sub","Output":"    a_test.go:1: log\n"}"#,
            r#"{"Action":"output","Test":"TestA/sub","Output":"--- PASS: TestA/sub (0.25s)\n","OutputType":"frame"}"#,
            r#"{"Action":"output","Test":"TestA/sub","Output":"no end"}"#,
            r#"{"Action":"pass","Test":"TestA/sub","Elapsed":0.25}"#,
            r#"{"Action":"output","Test":"TestA","Output":"--- FAIL: TestA (1.50s)\n","OutputType":"frame"}"#,
            r#"{"Action":"output","Test":"TestA","Output":"FAIL\n"}"#,
            r#"{"Action":"fail","Test":"TestA","Elapsed":1.5}"#,
            r#"{"Action":"output","Output":"FAIL\n","OutputType":"frame"}"#,
            r#"{"Action":"fail","Elapsed":0.012}"#,
        ];
        assert_eq!(events(printed, false), expected);
    }

    #[test]
    fn errors_and_pauses() {
        let printed = "\x16=== RUN   TestA\n\x16=== PAUSE TestA\n\x16=== CONT  TestA\nbefore\x0f    a_test.go:1: bad\x0e\n\
                       \x1b\x0fkept\n\x16--- SKIP: TestA (0.00s)\n\x16PASS\n";
        let expected = [
            r#"{"Action":"start"}"#,
            r#"{"Action":"run","Test":"TestA"}"#,
            r#"{"Action":"output","Test":"TestA","Output":"=== RUN   TestA\n","OutputType":"frame"}"#,
            r#"{"Action":"output","Test":"TestA","Output":"=== PAUSE TestA\n","OutputType":"frame"}"#,
            r#"{"Action":"pause","Test":"TestA"}"#,
            r#"{"Action":"cont","Test":"TestA"}"#,
            r#"{"Action":"output","Test":"TestA","Output":"=== CONT  TestA\n","OutputType":"frame"}"#,
            r#"{"Action":"output","Test":"TestA","Output":"before"}"#,
            r#"{"Action":"output","Test":"TestA","Output":"    a_test.go:1: bad\n","OutputType":"error"}"#,
            r#"{"Action":"output","Test":"TestA","Output":"\u000fkept\n"}"#,
            r#"{"Action":"output","Test":"TestA","Output":"--- SKIP: TestA (0.00s)\n","OutputType":"frame"}"#,
            r#"{"Action":"skip","Test":"TestA","Elapsed":0}"#,
            r#"{"Action":"output","Output":"PASS\n","OutputType":"frame"}"#,
            r#"{"Action":"pass","Elapsed":0.012}"#,
        ];
        assert_eq!(events(printed, true), expected);
    }

    #[test]
    fn no_tests() {
        let all = events("?   \tp\t[no test files]\n", true);
        assert_eq!(all[2], r#"{"Action":"skip","Elapsed":0.012}"#);
    }
}
