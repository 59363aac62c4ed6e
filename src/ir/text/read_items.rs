//! Reads the items of a file: target, files, locations, globals, run-time types, functions.
//!
//! Names may be used before their definition: a first walk over the tokens registers all of them.

use std::collections::BTreeMap;

use super::lex::Token;
use super::read::{Reader, Result, id};
use crate::entity::{LocId, RTypeId};
use crate::func::{Func, Signature};
use crate::program::{Const, Global, Level, Loc, Program};
use crate::rtype::{IMethod, Kind, RField, RMethod, RType};
use crate::ty::{TargetLayout, Type};

/// The words that begin an item.
pub(super) const ITEMS: &[&str] = &["target", "level", "file", "loc", "interrupt", "global", "rtype", "func"];

pub(super) fn read(mut reader: Reader) -> Result<Program> {
    let target = target(&mut reader)?;
    let mut program = Program::new(target);
    let rtypes = register(&mut reader, &mut program)?;
    while *reader.peek() != Token::End {
        let word = reader.word("an item such as `func`")?;
        match word.as_str() {
            "level" => {
                program.level = reader.keyword(|word| match word {
                    "go" => Some(Level::Go),
                    "lowered" => Some(Level::Lowered),
                    _ => None,
                })?;
            }
            "file" => {
                let file = reader.string()?;
                program.files.push(file);
            }
            "loc" => location(&mut reader, &mut program)?,
            "interrupt" => {
                let number = reader.small()?;
                let handler = reader.func(&program)?;
                program.interrupts.insert(number, handler);
            }
            "global" => global(&mut reader, &mut program, &rtypes)?,
            "rtype" => rtype(&mut reader, &mut program, &rtypes)?,
            "func" => reader.function(&mut program, &rtypes)?,
            _ => {
                reader.pos -= 1;
                return reader.error(format!("unknown item `{word}`"));
            }
        }
    }
    Ok(program)
}

/// The optional first line.
fn target(reader: &mut Reader) -> Result<TargetLayout> {
    let mut target = TargetLayout::BITS32;
    if !reader.got_word("target") {
        return Ok(target);
    }
    while let Token::Word(word) = reader.peek().clone() {
        if ITEMS.contains(&word.as_str()) {
            break;
        }
        reader.pos += 1;
        reader.want('=')?;
        let value: u64 = reader.small()?;
        if ![1, 2, 4, 8].contains(&value) {
            return reader.error("sizes are 1, 2, 4 or 8 bytes");
        }
        match word.as_str() {
            "ptr" => target.ptr_bytes = value,
            "int" => target.int_bytes = value,
            "align" => target.max_align = value,
            _ => return reader.error("expected `ptr=`, `int=` or `align=`"),
        }
    }
    Ok(target)
}

/// Enters the names of all globals, run-time types and functions, in order of definition.
fn register(reader: &mut Reader, program: &mut Program) -> Result<BTreeMap<String, RTypeId>> {
    let mut rtypes = BTreeMap::new();
    let mut depth = 0_i32;
    for pos in 0..reader.tokens.len() - 1 {
        let (this, next) = (&reader.tokens[pos].token, &reader.tokens[pos + 1].token);
        match (this, next) {
            (Token::Punct('{'), _) => depth += 1,
            (Token::Punct('}'), _) => depth -= 1,
            (Token::Word(word), Token::At(name)) if depth == 0 && (word == "func" || word == "global") => {
                let taken = program.func_named(name).is_some() || program.global_named(name).is_some();
                if taken {
                    reader.pos = pos + 1;
                    return reader.error(format!("@{name} is defined twice"));
                }
                if word == "func" {
                    program.add_func(Func::new(name.clone(), Signature::default()));
                } else {
                    program.add_global(Global::new(name.clone(), Type::VOID));
                }
            }
            (Token::Word(word), Token::Percent(name)) if depth == 0 && word == "rtype" => {
                let rtype = program.rtypes.push(RType::new(name.clone(), Kind::Bool, Type::VOID));
                if rtypes.insert(name.clone(), rtype).is_some() {
                    reader.pos = pos + 1;
                    return reader.error(format!("%{name} is defined twice"));
                }
            }
            _ => {}
        }
    }
    Ok(rtypes)
}

fn location(reader: &mut Reader, program: &mut Program) -> Result<()> {
    let expected = program.locs.next_key();
    match *reader.peek() {
        Token::Loc(number) if id::<LocId>(number as usize) == expected => reader.pos += 1,
        _ => {
            return reader
                .error(format!("expected location {expected}: they are numbered from 1 without gaps"));
        }
    }
    reader.want('=')?;
    let file = reader.small()?;
    reader.want(':')?;
    let line = reader.small()?;
    reader.want(':')?;
    let col = reader.small()?;
    let inlined = if reader.got_word("inlined") {
        let call = reader.location(program)?;
        Some((call, reader.func(program)?))
    } else {
        None
    };
    program.locs.push(Loc { file, line, col, inlined });
    Ok(())
}

fn global(reader: &mut Reader, program: &mut Program, rtypes: &BTreeMap<String, RTypeId>) -> Result<()> {
    let Token::At(name) = reader.next() else { return reader.error("expected the name of a global") };
    let Some(this) = program.global_named(&name) else {
        return reader.error(format!("no global is named @{name}"));
    };
    reader.want(':')?;
    let mut global = Global::new(name, Type::VOID);
    global.ty = reader.ty(program)?;
    if reader.got('=') {
        global.init = reader.constant(program, rtypes)?;
    } else {
        global.init = Const::Zero;
    }
    while let Token::Word(word) = reader.peek().clone() {
        if ITEMS.contains(&word.as_str()) {
            break;
        }
        reader.pos += 1;
        match word.as_str() {
            "constant" => global.constant = true,
            "external" => global.external = true,
            "exported" => global.exported = true,
            "align" => global.align = reader.small()?,
            "symbol" => global.symbol = Some(reader.string()?),
            "section" => global.section = Some(reader.string()?),
            _ => {
                reader.pos -= 1;
                return reader.error("unknown attribute of a global");
            }
        }
    }
    program.globals[this] = global;
    Ok(())
}

fn rtype(reader: &mut Reader, program: &mut Program, rtypes: &BTreeMap<String, RTypeId>) -> Result<()> {
    let this = reader.rtype(rtypes)?;
    let unique = program.rtypes[this].unique.clone();
    let kind = reader.keyword(|word| Kind::WORDS.iter().find(|(_, w)| *w == word).map(|(kind, _)| *kind))?;
    let repr = reader.ty(program)?;
    let mut rtype = RType::new(unique, kind, repr);
    reader.want('{')?;
    while !reader.got('}') {
        let word = reader.word("a property of the type")?;
        match word.as_str() {
            "string" => rtype.string = reader.string()?,
            "name" => (rtype.name, rtype.pkg_path) = (reader.string()?, reader.string()?),
            "comparable" => rtype.comparable = true,
            "plain_memory" => rtype.plain_memory = true,
            "unnamed" => rtype.unnamed = true,
            "unopened" => rtype.unopened = true,
            "unasked" => rtype.unasked = true,
            "variadic" => rtype.variadic = true,
            "elem" => rtype.elem = Some(reader.rtype(rtypes)?),
            "key" => rtype.key = Some(reader.rtype(rtypes)?),
            "ptr_to" => rtype.ptr_to = Some(reader.rtype(rtypes)?),
            "len" => rtype.len = reader.small()?,
            "dir" => rtype.dir = reader.small()?,
            "param" => rtype.params.push(reader.rtype(rtypes)?),
            "result" => rtype.results.push(reader.rtype(rtypes)?),
            "equal" => rtype.equal = Some(reader.func(program)?),
            "hash" => rtype.hash = Some(reader.func(program)?),
            "calls" => rtype.calls = Some(reader.global(program)?),
            "field" => {
                let (name, pkg_path) = (reader.string()?, reader.string()?);
                let ty = reader.rtype(rtypes)?;
                let offset = reader.small()?;
                let embedded = reader.got_word("embedded");
                let tag = if reader.got_word("tag") { reader.string()? } else { String::new() };
                rtype.fields.push(RField { name, pkg_path, ty, offset, embedded, tag });
            }
            "imethod" => {
                let (name, pkg_path) = (reader.string()?, reader.string()?);
                rtype.imethods.push(IMethod { name, pkg_path, ty: reader.rtype(rtypes)? });
            }
            "method" => {
                let (name, pkg_path) = (reader.string()?, reader.string()?);
                let ty = reader.rtype(rtypes)?;
                let code =
                    if matches!(reader.peek(), Token::At(_)) { Some(reader.func(program)?) } else { None };
                let expr = if reader.got_word("expr") { Some(reader.func(program)?) } else { None };
                rtype.methods.push(RMethod { name, pkg_path, ty, code, expr });
            }
            _ => {
                reader.pos -= 1;
                return reader.error(format!("unknown property `{word}`"));
            }
        }
    }
    program.rtypes[this] = rtype;
    Ok(())
}
