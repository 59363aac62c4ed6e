//! Build constraints: the expression of a `//go:build` line and the tags in file names.

/// The expression of a `//go:build` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constraint {
    Tag(Box<str>),
    Not(Box<Constraint>),
    And(Box<Constraint>, Box<Constraint>),
    Or(Box<Constraint>, Box<Constraint>),
}

/// Deeper nesting of parentheses and negations than this is refused.
const MAX_DEPTH: usize = 100;

impl Constraint {
    /// Parses what follows `//go:build`.
    pub fn parse(text: &str) -> Result<Constraint, String> {
        let mut parser = ConstraintParser { text, at: 0 };
        let constraint = parser.or(0)?;
        match parser.peek() {
            None => Ok(constraint),
            Some(_) => Err(parser.error("unexpected token")),
        }
    }

    /// Whether it holds where exactly the tags that `has` accepts are set.
    pub fn eval(&self, has: &mut impl FnMut(&str) -> bool) -> bool {
        match self {
            Constraint::Tag(tag) => has(tag),
            Constraint::Not(x) => !x.eval(has),
            // Both sides, so that the caller sees all tags that matter.
            Constraint::And(x, y) => x.eval(has) & y.eval(has),
            Constraint::Or(x, y) => x.eval(has) | y.eval(has),
        }
    }

    /// The language version that a file with this constraint is written in: the lowest one at which the constraint can
    /// hold, but at least 1.21, since when files can choose. `None` if it implies none.
    pub fn go_version(&self) -> Option<(u32, u32)> {
        self.min_minor(true).map(|minor| (1, minor.max(21)))
    }

    fn min_minor(&self, positive: bool) -> Option<u32> {
        match (self, positive) {
            (Constraint::Tag(tag), true) if &**tag == "go1" => Some(0),
            (Constraint::Tag(tag), true) => tag.strip_prefix("go1.")?.parse().ok(),
            (Constraint::Tag(_), false) => None,
            (Constraint::Not(x), _) => x.min_minor(!positive),
            // By De Morgan's laws a negation exchanges the two. `None` is less than all versions.
            (Constraint::And(x, y), true) | (Constraint::Or(x, y), false) => {
                x.min_minor(positive).max(y.min_minor(positive))
            }
            (Constraint::Or(x, y), true) | (Constraint::And(x, y), false) => {
                x.min_minor(positive).min(y.min_minor(positive))
            }
        }
    }
}

struct ConstraintParser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> ConstraintParser<'a> {
    fn error(&self, message: &str) -> String {
        format!("build constraint, column {}: {message}", self.at + 1)
    }

    /// The next token: a tag, `(`, `)`, `!`, `&&`, `||`, or one character that is none of these.
    fn peek(&mut self) -> Option<&'a str> {
        let rest = &self.text[self.at..];
        let trimmed = rest.trim_start_matches([' ', '\t']);
        self.at += rest.len() - trimmed.len();
        let is_tag = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
        let len = match trimmed.chars().next()? {
            '&' if trimmed.starts_with("&&") => 2,
            '|' if trimmed.starts_with("||") => 2,
            c if is_tag(c) => trimmed.find(|c| !is_tag(c)).unwrap_or(trimmed.len()),
            c => c.len_utf8(),
        };
        Some(&trimmed[..len])
    }

    fn got(&mut self, token: &str) -> bool {
        let got = self.peek() == Some(token);
        if got {
            self.at += token.len();
        }
        got
    }

    fn or(&mut self, depth: usize) -> Result<Constraint, String> {
        let mut x = self.and(depth)?;
        while self.got("||") {
            x = Constraint::Or(Box::new(x), Box::new(self.and(depth)?));
        }
        Ok(x)
    }

    fn and(&mut self, depth: usize) -> Result<Constraint, String> {
        let mut x = self.not(depth)?;
        while self.got("&&") {
            x = Constraint::And(Box::new(x), Box::new(self.not(depth)?));
        }
        Ok(x)
    }

    fn not(&mut self, depth: usize) -> Result<Constraint, String> {
        if depth > MAX_DEPTH {
            return Err(self.error("nested too deeply"));
        }
        if self.got("!") {
            if self.peek() == Some("!") {
                return Err(self.error("double negation not allowed"));
            }
            return Ok(Constraint::Not(Box::new(self.not(depth + 1)?)));
        }
        if self.got("(") {
            let x = self.or(depth + 1)?;
            return if self.got(")") { Ok(x) } else { Err(self.error("missing close paren")) };
        }
        match self.peek() {
            Some(tag) if tag.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.')) => {
                self.at += tag.len();
                Ok(Constraint::Tag(tag.into()))
            }
            Some(token) => Err(self.error(&format!("unexpected token {token}"))),
            None => Err(self.error("unexpected end of expression")),
        }
    }
}

/// Operating systems that a file name can end in (`x_linux.go`).
pub const KNOWN_OS: [&str; 18] = [
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "wasip1",
    "windows",
    "zos",
];

/// Architectures that a file name can end in (`x_arm.go`).
pub const KNOWN_ARCH: [&str; 24] = [
    "386",
    "amd64",
    "amd64p32",
    "arm",
    "armbe",
    "arm64",
    "arm64be",
    "loong64",
    "mips",
    "mipsle",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "ppc",
    "ppc64",
    "ppc64le",
    "riscv",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
    "sparc64",
    "wasm",
];

/// Whether a file takes part by its name: `*_GOOS`, `*_GOARCH` and `*_GOOS_GOARCH`, optionally before `_test`, must be
/// set as tags. What stands before the first `_` is never a tag, so that `linux.go` is an ordinary name.
pub fn file_name_matches(name: &str, has: &mut impl FnMut(&str) -> bool) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    let Some((_, suffix)) = stem.split_once('_') else { return true };
    let mut parts: Vec<&str> = suffix.split('_').collect();
    if parts.last() == Some(&"test") {
        parts.pop();
    }
    match *parts.as_slice() {
        [.., os, arch] if KNOWN_OS.contains(&os) && KNOWN_ARCH.contains(&arch) => has(os) & has(arch),
        [.., tag] if KNOWN_OS.contains(&tag) || KNOWN_ARCH.contains(&tag) => has(tag),
        _ => true,
    }
}

/// Whether a tag is set, given the configured operating system, architecture and other tags. Android is also linux,
/// illumos also solaris, iOS also darwin, and all of these and more are `unix`.
pub fn matches_os_arch(tag: &str, os: &str, arch: &str) -> bool {
    const UNIX: [&str; 12] = [
        "aix",
        "android",
        "darwin",
        "dragonfly",
        "freebsd",
        "hurd",
        "illumos",
        "ios",
        "linux",
        "netbsd",
        "openbsd",
        "solaris",
    ];
    match tag {
        _ if tag == os || tag == arch => true,
        "linux" => os == "android",
        "solaris" => os == "illumos",
        "darwin" => os == "ios",
        "unix" => UNIX.contains(&os),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str, tags: &[&str]) -> bool {
        Constraint::parse(text).unwrap().eval(&mut |tag| tags.contains(&tag))
    }

    #[test]
    fn expressions() {
        assert!(holds("linux && !arm || wasm", &["linux"]));
        assert!(!holds("linux && !arm || wasm", &["linux", "arm"]));
        assert!(holds("linux&&(arm||arm64)", &["linux", "arm64"]));
        assert!(holds("!(a || b)", &[]));
        for bad in ["", "a b", "a &&", "(a", "a & b", "!!a", "a)", "a || || b", "\"x\""] {
            assert!(Constraint::parse(bad).is_err(), "{bad}");
        }
        assert!(Constraint::parse(&"!(".repeat(10_000)).is_err());
    }

    #[test]
    fn versions() {
        let version = |text| Constraint::parse(text).unwrap().go_version();
        assert_eq!(version("go1.22"), Some((1, 22)));
        assert_eq!(version("linux && go1.22"), Some((1, 22)));
        assert_eq!(version("linux || go1.22"), None);
        assert_eq!(version("go1.22 && go1.24 || go1.23"), Some((1, 23)));
        assert_eq!(version("!go1.22"), None);
        assert_eq!(version("!(!go1.22 || !go1.23)"), Some((1, 23)));
        assert_eq!(version("go1.5"), Some((1, 21)));
    }

    #[test]
    fn file_names() {
        let mut linux_arm = |tag: &str| matches!(tag, "linux" | "arm");
        for yes in [
            "a.go",
            "linux.go",
            "a_linux.go",
            "a_arm.go",
            "a_linux_arm.go",
            "a_linux_test.go",
            "a_foo.go",
            "_linux.go",
        ] {
            assert!(file_name_matches(yes, &mut linux_arm), "{yes}");
        }
        for no in
            ["a_windows.go", "a_linux_amd64.go", "a_windows_arm.go", "a_amd64_test.go", "a_windows_x_amd64.s"]
        {
            assert!(!file_name_matches(no, &mut linux_arm), "{no}");
        }
        assert!(file_name_matches("a_windows_linux.go", &mut linux_arm));
        assert!(file_name_matches("a_arm_windows.go", &mut |t| t == "windows"));
    }

    #[test]
    fn implied_tags() {
        assert!(matches_os_arch("unix", "linux", "arm") && matches_os_arch("linux", "android", "arm"));
        assert!(!matches_os_arch("unix", "wasip1", "wasm") && !matches_os_arch("unix", "zos", "s390x"));
    }
}
