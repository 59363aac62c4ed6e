//! The names that irgen gives to the functions it makes, as later stages know them again.

/// What stands behind the name of the function that one made for it calls.
const MADE: [&str; 3] = ["$thunk", "$bound", "$iface"];

/// Whether irgen made the function to call another one: the method of a value, behind an interface, or later on.
pub fn is_transparent(name: &str) -> bool {
    is_deferred(name) || MADE.iter().any(|suffix| name.ends_with(suffix))
}

/// Whether the function is the call of a `go` or `defer` statement with arguments: `p.f.deferred1`.
pub fn is_deferred(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    last.strip_prefix("deferred").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_functions_are_known() {
        for name in ["main.f.deferred1", "main.(*T).m$bound", "main.T.m$iface", "fmt.Println$thunk"] {
            assert!(is_transparent(name), "{name}");
        }
        for name in ["main.deferred", "main.deferredCall", "main.f.func1", "main.init$x"] {
            assert!(!is_transparent(name), "{name}");
        }
    }
}
