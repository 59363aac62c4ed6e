//! The fix pass over SVD text: corrects what vendors are known to write wrong, and refuses what no chip has, before the
//! strict reader sees it.

use std::borrow::Cow;

use roxmltree::{Document, Node, ParsingOptions};

use crate::error::Error;

/// Elements of an array or list: the largest real one (interrupt priorities) has 1024.
const MAX_DIM: u64 = 65_536;
/// Elements inside elements: real files reach 9.
const MAX_DEPTH: usize = 64;

/// The corrected text.
pub fn fix(text: &str) -> Cow<'_, str> {
    // (wrong, right, who writes it)
    let known = [
        ("<access>read-writeonce</access>", "<access>read-writeOnce</access>"), // nRF52833, nRF9160
        ("<access>write</access>", "<access>write-only</access>"),              // GD32VF103
    ];
    let mut text = Cow::Borrowed(text);
    for (wrong, right) in known {
        if text.contains(wrong) {
            text = Cow::Owned(text.replace(wrong, right));
        }
    }
    fix_usage(text)
}

/// ESP32's address blocks have a sentence for their usage; the schema has three words. Enumerations have a `usage` as
/// well, with other words, which stays.
fn fix_usage(text: Cow<'_, str>) -> Cow<'_, str> {
    let mut fixed = String::new();
    let mut rest: &str = &text;
    while let Some(start) = rest.find("<addressBlock>") {
        let (before, block) = rest.split_at(start);
        let Some(end) = block.find("</addressBlock>") else { break };
        let (block, after) = block.split_at(end);
        fixed.push_str(before);
        match block.split_once("<usage>").and_then(|(head, tail)| Some((head, tail.split_once("</usage>")?)))
        {
            Some((head, (word, tail))) if !matches!(word, "registers" | "buffer" | "reserved") => {
                fixed.push_str(head);
                fixed.push_str("<usage>registers</usage>");
                fixed.push_str(tail);
            }
            _ => fixed.push_str(block),
        }
        rest = after;
    }
    if fixed.is_empty() {
        return text;
    }
    fixed.push_str(rest);
    Cow::Owned(fixed)
}

/// Refuses numbers that would make the reader build huge tables or overflow, with the line they are on.
pub fn guard(file: &str, text: &str) -> Result<(), Error> {
    let document = parse_xml(file, text)?;
    let fail = |node: Node, what: &str| {
        let line = document.text_pos_at(node.range().start).row;
        Err(Error::new(file, format!("line {line}: {what} <{}>", node.tag_name().name())))
    };
    let mut depth = 0;
    let mut stack = vec![(document.root_element(), 0usize)];
    while let Some((node, level)) = stack.pop() {
        depth = depth.max(level);
        if depth > MAX_DEPTH {
            return fail(node, "elements are nested too deeply at");
        }
        let value = node.text().unwrap_or_default().trim();
        match node.tag_name().name() {
            "dim" if number(value).is_none_or(|dim| dim > MAX_DIM) => return fail(node, "unreasonable"),
            "dimIndex" => {
                let ends = value.split_once('-').map(|(a, b)| (number(a), number(b)));
                if let Some((Some(first), Some(last))) = ends
                    && last.saturating_sub(first) > MAX_DIM
                {
                    return fail(node, "unreasonable range in");
                }
            }
            "lsb" | "msb" | "bitOffset" | "bitWidth" if number(value).is_none_or(|bit| bit > 64) => {
                return fail(node, "no register has this many bits:");
            }
            "bitRange" => {
                let ends = value.trim_matches(['[', ']']).split(':');
                if !ends.clone().all(|end| number(end).is_some_and(|bit| bit < 64)) || ends.count() != 2 {
                    return fail(node, "not a bit range such as [7:0]:");
                }
            }
            _ => {}
        }
        stack.extend(node.children().filter(Node::is_element).map(|child| (child, level + 1)));
    }
    Ok(())
}

/// Parses XML without document type definitions, whose entities can grow without bound.
pub fn parse_xml<'a>(file: &str, text: &'a str) -> Result<Document<'a>, Error> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: 4_000_000, ..ParsingOptions::default() };
    Document::parse_with_options(text, options)
        .map_err(|e| Error::new(file, format!("not well-formed XML: {e}")))
}

/// A number as SVD and ATDF write it: decimal, `0x…`, `#…` (binary).
pub fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return u64::from_str_radix(hex, 16).ok();
    }
    if let Some(binary) = text.strip_prefix('#') {
        return u64::from_str_radix(&binary.replace(['x', 'X'], "0"), 2).ok();
    }
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_of_address_blocks_only() {
        let text = "<addressBlock><usage>a text</usage></addressBlock><enumeratedValues><usage>read</usage></enumeratedValues>";
        let fixed = text.replace("a text", "registers");
        assert_eq!(fix(text), fixed);
        assert!(matches!(fix(&fixed), Cow::Owned(_)) || fix(&fixed) == fixed);
    }

    #[test]
    fn guards() {
        let error = |xml: &str| guard("x.svd", xml).map_err(|e| e.to_string());
        assert_eq!(error("<a><dim>4</dim><bitRange>[31:0]</bitRange></a>"), Ok(()));
        assert_eq!(
            error("<a>\n<dim>99999999</dim></a>"),
            Err("x.svd: line 2: unreasonable <dim>".to_owned())
        );
        assert!(error("<a><dimIndex>0-4000000000</dimIndex></a>").is_err());
        assert!(error("<a><msb>4294967295</msb></a>").is_err());
        assert!(error("<!DOCTYPE a [<!ENTITY b \"c\">]><a/>").is_err());
        assert!(error(&("<a>".repeat(100) + &"</a>".repeat(100))).is_err());
    }

    #[test]
    fn numbers() {
        assert_eq!(number("0x20"), Some(32));
        assert_eq!(number("#x1"), Some(1));
        assert_eq!(number("+1"), None);
        assert_eq!(number(""), None);
    }
}
