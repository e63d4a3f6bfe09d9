//! Tables as CSV, JSON and aligned text.

use super::*;

pub(super) fn csv(results: &TableResults) -> String {
    let mut out = Vec::new();
    open(results).to_csv(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

pub(super) fn json(results: &TableResults) -> String {
    let mut out = Vec::new();
    open(results).to_json(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn csv_cells_are_quoted_if_necessary() {
    let expected = "id,amount,ratio,paid,day,items,tags\n\
        9007199254740993,5365.62,150.0,true,2026-08-09,\
        \"[{\"\"sku\"\":\"\"P, 1\"\",\"\"price\"\":\"\"85.50\"\"},\
        {\"\"sku\"\":\"\"P\\\"\"2\"\",\"\"price\"\":null}]\",\
        \"{\"\"1\"\":\"\"a\"\"}\"\n\
        -9223372036854775808,,,,,,\n";
    assert_eq!(csv(&wide()), expected);
    let strings = table(
        &[("a,b", "string"), ("c", "string")],
        r#"[["", null], ["x\ny", "\""], [" ", "é"], ["\r", ","]]"#,
    );
    assert_eq!(
        csv(&strings),
        "\"a,b\",c\n\"\",\n\"x\ny\",\"\"\"\"\n ,é\n\"\r\",\",\"\n"
    );
    let single = table(&[("a", "string")], "[[null], [\"x\"]]");
    assert_eq!(csv(&single), "a\n\"\"\nx\n");
}

#[test]
fn json_preserves_order_and_digits_and_makes_names_unique() {
    let text = json(&wide());
    assert!(text.starts_with(
        "[\n{\"id\":9007199254740993,\"amount\":\"5365.62\",\"ratio\":150.0,\"paid\":true,\
         \"day\":\"2026-08-09\",\"items\":[{\"sku\":\"P, 1\",\"price\":\"85.50\"},"
    ));
    assert!(text.ends_with("null}\n]\n"), "{text}");
    let rows: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(rows[1]["id"], i64::MIN);
    assert_eq!(json(&table(&[("a", "int")], "[]")), "[]\n");

    let duplicates = table(
        &[("a", "int"), ("a", "int"), ("a_2", "int"), ("a", "int")],
        "[[1, 2, 3, 4]]",
    );
    let mut out = Vec::new();
    open(&duplicates).to_json_lines(&mut out).unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "{\"a\":1,\"a_3\":2,\"a_2\":3,\"a_4\":4}\n"
    );
}

#[test]
fn display_aligns_columns_and_escapes_control_characters() {
    let results = table(
        &[
            ("word", "string"),
            ("n", "long"),
            ("pair", "struct<x:int,y:string>"),
        ],
        r#"[["é", 1, [1, "a"]], ["a\n\u001b[31m", null, null], ["long word", 1234, null]]"#,
    );
    let shown = "word              n  pair\n\
                 é                 1  {\"x\":1,\"y\":\"a\"}\n\
                 a\\n\\u{1b}[31m  null  null\n\
                 long word      1234  null";
    assert_eq!(open(&results).to_string(), shown);
    let truncated = "word     n  pair\n\
               é        1  {\"x\u{2026}\n\
               a\\n\u{2026}  null  null\n\
               lon\u{2026}  1234  null";
    assert_eq!(open(&results).truncate_cells(4).to_string(), truncated);
    assert_eq!(
        open(&results).truncate_cells(0).to_string().lines().count(),
        4
    );
}

#[test]
fn text_of_cells_is_that_of_csv() {
    let results = table(
        &[("a", "string"), ("b", "double")],
        r#"[["x, \"y\"", 1.50], [null], ["", [1, "z"], true]]"#,
    );
    let table = open(&results);
    let rows: Vec<Vec<_>> = table
        .text_rows()
        .map(|row| {
            row.iter()
                .map(|cell| cell.as_deref().map(str::to_owned))
                .collect()
        })
        .collect();
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        rows,
        [
            [text("x, \"y\""), text("1.50"), None],
            [None, None, None],
            [text(""), text("[1,\"z\"]"), text("true")],
        ]
    );
    assert_eq!(open(&empty_results()).text_rows().count(), 0);
}

#[test]
fn csv_round_trips() {
    arbtest::arbtest(|u| {
        let cell: String = u.arbitrary()?;
        let other: String = u.arbitrary()?;
        let row = serde_json::json!([[cell, other]]).to_string();
        let results = table(&[("a", "string"), ("b", "string")], &row);
        let read = csv(&results);
        let read = read.strip_prefix("a,b\n").unwrap();
        let mut fields = Vec::new();
        let mut rest = read.strip_suffix('\n').unwrap();
        while fields.len() < 2 {
            let field;
            (field, rest) = first_field(rest);
            fields.push(field);
        }
        assert_eq!(fields, [cell, other], "{read:?}");
        assert_eq!(rest, "");
        Ok(())
    });
}

/// Parses the first field of a CSV line. Returns the field and the rest after its comma.
fn first_field(line: &str) -> (String, &str) {
    let Some(quoted) = line.strip_prefix('"') else {
        let (field, rest) = line.split_once(',').unwrap_or((line, ""));
        assert!(!field.contains(['"', '\n', '\r']), "{line:?}");
        return (field.to_owned(), rest);
    };
    let mut field = String::new();
    let mut rest = quoted;
    loop {
        let (part, after) = rest.split_once('"').expect("closing quote");
        field.push_str(part);
        match after.strip_prefix('"') {
            Some(after) => {
                field.push('"');
                rest = after;
            }
            None => return (field, after.strip_prefix(',').unwrap_or(after)),
        }
    }
}
