//! The program that the go command writes to run the tests of a package: its lists of tests, read and shortened.

use std::collections::BTreeSet;

/// The tests, fuzz tests and examples that the program runs, in its order. Benchmarks are not among them.
pub fn names(text: &str) -> Vec<String> {
    let names = entries(text).filter(|(list, _)| *list != "benchmarks").filter_map(|(_, line)| name(line));
    names.map(str::to_owned).collect()
}

/// The program with these tests only, and without benchmarks. What nothing else reaches is then not built.
pub(crate) fn keep(text: &str, kept: &BTreeSet<String>) -> String {
    let mut out = String::new();
    for (list, line) in entries(text) {
        let stays = name(line).is_none_or(|name| list != "benchmarks" && kept.contains(name));
        out.push_str(if stays { line } else { "\n" }); // lines keep their numbers
    }
    for import in ["_test", "_xtest"] {
        if !out.contains(&format!("{import}.")) {
            out = out.replace(&format!("\t{import} \""), "\t_ \"");
        }
    }
    out
}

/// The lines, each with the variable in whose list it stands.
fn entries(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut list = "";
    text.split_inclusive('\n').map(move |line| {
        if let Some(rest) = line.strip_prefix("var ") {
            list = rest.split(' ').next().unwrap_or_default();
        } else if line.starts_with('}') {
            list = "";
        }
        (list, line)
    })
}

/// The name in an entry: `{"TestAdd", _test.TestAdd},`.
fn name(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix("{\"")?.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIN: &str = "package main\n\nimport (\n\t\"os\"\n\t_test \"p\"\n\t_xtest \"p_test\"\n)\n\n\
        var tests = []testing.InternalTest{\n\n\t{\"TestA\", _test.TestA},\n\n\t{\"TestB\", _xtest.TestB},\n\n}\n\n\
        var benchmarks = []testing.InternalBenchmark{\n\n\t{\"BenchmarkA\", _test.BenchmarkA},\n\n}\n\n\
        var examples = []testing.InternalExample{\n\n\t{\"Example\", _xtest.Example, \"{\\\"TestA\\\", 1}\\n\", false},\n\n}\n";

    #[test]
    fn lists() {
        assert_eq!(names(MAIN), ["TestA", "TestB", "Example"]);
    }

    #[test]
    fn some_are_kept() {
        let text = keep(MAIN, &["TestA".to_owned()].into());
        assert!(text.contains("_test.TestA"), "{text}");
        assert!(
            !text.contains("TestB") && !text.contains("BenchmarkA") && !text.contains("Example,"),
            "{text}"
        );
        assert!(text.contains("\t_ \"p_test\"") && text.contains("\t_test \"p\""), "{text}");
        assert_eq!(text.lines().count(), MAIN.lines().count());
    }
}
