use super::{print_program, read_program};

const PROGRAM: &str = r#"target ptr=4 int=4 align=8
level go
file "main.go"
loc !1 = 0:3:5
loc !2 = 0:9:1 inlined !1 @main.add
interrupt 4 @main.tick
global @main.counter: i32 = 5
global @"main.f str": [5 x i8] = "h\"\x00\xffé" constant align 4
global @_edata: i8 external symbol "_edata"
global @table: {ptr, [2 x i32], f64, code, i32} = {@main.counter + 4, {1, -2}, 0.5, code @main.tick, int @table + 0}

rtype %int int i32 {
  string "int"
  comparable
  plain_memory
  unnamed
  unopened
  unasked
}

rtype %"interface { M() }" interface {ptr, ptr} {
  string "interface { M() }"
  imethod "M" "" %int
}

rtype %main.T struct {i32, ptr} {
  string "main.T"
  name "T" "main"
  ptr_to %int
  field "next" "main" %int 4 embedded tag "json"
  method "M" "" %int @main.tick
}

func @main.add(v0: i32, v1: i32) -> i32 noinline symbol "add" !1 {
b0:
  v2 = add.i32 v0, v1 !2
  v3 = icmp slt v2, v0
  br v3, b1, b2(v2)
b1:
  v4, v5 = call.(i32, ptr) @main.two(v2)
  check index signed v4, v1
  v6 = fieldaddr {i32, ptr}.1, v5
  v7 = load.ptr v6
  store v6, v7
  v8 = zero.f64
  v9 = fconst.f64 1e-7
  v10 = fconst.f64 bits 0x7ff0000000000000
  intrinsic trap()
  v11 = intrinsic.i32 ctz(v4)
  switch v4, 1: b3, -2: b2(v11), default: b3
b2(v12: i32):
  ret v12 !2
b3:
  unreachable
}
func @main.two(i32) -> (i32, ptr) wasm_import "env" "two"

func @main.tick() {
b0:
  v0 = zero.{ptr, ptr}
  v1, v2 = type_assert.(i32, i1) %"interface { M() }" to %int ok, v0
  v3 = call_method.i32 %"interface { M() }" 0, v0
  v4 = call_indirect.i32 (i32, ptr) -> i32, v5, v1, v6
  v7 = asm.i32 "mov $0, $1" "=r,r", v1
  v6 = make_closure @main.closure(v1, v4)
  v5 = func @main.tick
  v8 = make_iface.{ptr, ptr} %int to %"interface { M() }", v1
  ret
}
func @main.closure(ptr)
"#;

fn normal(text: &str) -> String {
    print_program(&read_program(text).unwrap_or_else(|error| panic!("{error}\n{text}")))
}

#[test]
fn what_was_printed_reads_back() {
    let once = normal(PROGRAM);
    assert_eq!(normal(&once), once);
    // Numbers were in order of mention but for @main.tick, whose values are used before their definition.
    let head = PROGRAM.find("func @main.tick").unwrap_or(0);
    assert_eq!(once[..head], PROGRAM[..head]);
}

#[test]
fn errors_tell_line_and_column() {
    let error = |text: &str| read_program(text).map(|_| ()).unwrap_err().to_string();
    assert_eq!(error("func @f() {\nb0:\n  v0 = wobble.i32 v1\n}"), "3:8: unknown operation `wobble`");
    assert_eq!(error("func @f() {\nb0:\n  v0 = call.i32 @g()\n}"), "3:17: no function is named @g");
    assert_eq!(
        error("func @f() {\nb0:\n  jump b1\n}"),
        "5:1: block b1 of @f is not defined".replace("5:1", "4:2")
    );
    assert_eq!(error("func @f() {\nb0:\n  ret v1\n}"), "4:2: value v1 of @f is not defined");
    assert_eq!(error("global @x: i99"), "1:12: unknown type");
    assert_eq!(error("func @f()\nfunc @f()"), "2:6: @f is defined twice");
}

/// Broken text is an error, never a panic.
#[test]
fn broken_texts_are_errors() {
    for end in 0..PROGRAM.len() {
        if PROGRAM.is_char_boundary(end) {
            let _ = read_program(&PROGRAM[..end]);
        }
    }
    let mut state = 12345_u64;
    let mut random = |bound: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % bound
    };
    let chars: Vec<char> = PROGRAM.chars().collect();
    for _ in 0..4000 {
        let mut text = chars.clone();
        for _ in 0..1 + random(3) {
            let at = random(text.len());
            match random(3) {
                0 => drop(text.remove(at)),
                1 => text[at] = chars[random(chars.len())],
                _ => text.swap(at, (at + 7).min(chars.len() - 4)),
            }
        }
        let text: String = text.into_iter().collect();
        if let Ok(program) = read_program(&text) {
            let _ = crate::verify::verify(&program);
            print_program(&program);
        }
    }
}
