//! The linker script of a target: the MEMORY block from its YAML, then the layout file.

use std::fmt::Write as _;
use std::io;

use crate::root::Root;
use crate::target::Target;

/// The whole script as text, or `None` where the linker's own layout serves (wasm).
///
/// A layout that has a MEMORY block of its own, as a user's file may, stays as it is, and so does that of a host. Besides the regions, a layout may
/// use `_stack_size`, the size of the main stack.
pub fn linker_script(target: &Target, root: &Root) -> io::Result<Option<String>> {
    let Some(source) = &target.linker.script else { return Ok(None) };
    let bytes = source.read(root)?;
    let layout = std::str::from_utf8(&bytes).map_err(|_| {
        io::Error::new(io::ErrorKind::InvalidData, format!("{}: not UTF-8 text", source.display()))
    })?;
    if target.memory.is_empty() || layout.lines().any(|line| line.trim_start().starts_with("MEMORY")) {
        return Ok(Some(layout.to_owned()));
    }
    let mut script = String::from("MEMORY\n{\n");
    for region in &target.memory {
        let name = region.name.to_uppercase();
        // lld wants blanks around the signs: `LENGTH=256K` is a parse error there.
        let _ = writeln!(script, "    {name} : ORIGIN = {:#x}, LENGTH = {:#x}", region.origin, region.length);
    }
    let _ = writeln!(script, "}}\n\n_stack_size = {:#x};\n", target.main_stack);
    script.push_str(layout);
    Ok(Some(script))
}
