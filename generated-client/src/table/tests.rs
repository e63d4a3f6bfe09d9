use std::collections::BTreeMap;

use api_runtime::codec::{Decode as _, Reader};
use serde::Deserialize;

use super::*;

fn results(schema: &str, data: &str) -> TableResults {
    let json = format!(r#"{{"schema": {schema}, "data": {data}, "isJsonSchema": true}}"#);
    TableResults::decode(&mut Reader::new(json.as_bytes())).unwrap()
}

fn open(results: &TableResults) -> Table<'_> {
    Table::new(results).unwrap()
}

/// Table with these columns: name and type.
fn table(columns: &[(&str, &str)], data: &str) -> TableResults {
    let columns: Vec<_> = columns
        .iter()
        .map(|(name, ty)| serde_json::json!({"name": name, "type": ty, "metadata": "{}"}))
        .collect();
    results(&Value::from(columns).to_string(), data)
}

/// Table with a column of each kind, in the format of Spark.
fn wide() -> TableResults {
    let items = r#"{"type":"array","containsNull":true,"elementType":{"type":"struct","fields":[
        {"name":"sku","type":"string"},{"name":"price","type":"decimal(5,2)"}]}}"#;
    let tags = r#"{"type":"map","keyType":"integer","valueType":"string"}"#;
    table(
        &[
            ("id", "\"long\""),
            ("amount", "\"decimal(12,2)\""),
            ("ratio", "\"double\""),
            ("paid", "\"boolean\""),
            ("day", "\"date\""),
            ("items", items),
            ("tags", tags),
        ],
        r#"[
            [9007199254740993, "5365.62", 150.0, true, "2026-08-09",
             [["P, 1", "85.50"], ["P\"2", null]], {"1": "a"}],
            [-9223372036854775808, null, null, null, null, null, null]
        ]"#,
    )
}

#[derive(Debug, Deserialize, PartialEq)]
struct Sale {
    id: i64,
    amount: Option<String>,
    ratio: Option<f64>,
    day: Option<String>,
    items: Option<Vec<Item>>,
    tags: Option<BTreeMap<u8, String>>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Item {
    price: Option<String>,
    sku: String,
}

#[test]
fn rows_are_deserialized_by_name() {
    let results = wide();
    let rows: Vec<Sale> = open(&results).rows().map(Result::unwrap).collect();
    let item = |sku: &str, price: Option<&str>| Item {
        price: price.map(str::to_owned),
        sku: sku.to_owned(),
    };
    let first = Sale {
        id: 9_007_199_254_740_993,
        amount: Some("5365.62".to_owned()),
        ratio: Some(150.0),
        day: Some("2026-08-09".to_owned()),
        items: Some(vec![item("P, 1", Some("85.50")), item("P\"2", None)]),
        tags: Some(BTreeMap::from([(1, "a".to_owned())])),
    };
    let second = Sale {
        id: i64::MIN,
        amount: None,
        ratio: None,
        day: None,
        items: None,
        tags: None,
    };
    assert_eq!(rows, [first, second]);
}

/// Fields in the order of the columns are deserialized by position, unless the type does not support it.
#[test]
fn order_of_the_fields_does_not_change_the_result() {
    #[derive(Debug, Deserialize, PartialEq)]
    struct Ordered {
        a: i64,
        b: Option<String>,
    }
    #[derive(Debug, PartialEq)]
    struct Map(Vec<(String, Option<i64>)>);
    impl<'de> Deserialize<'de> for Map {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct OnlyMaps;
            impl<'de> serde::de::Visitor<'de> for OnlyMaps {
                type Value = Map;

                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("a map")
                }

                fn visit_map<A: serde::de::MapAccess<'de>>(
                    self,
                    mut map: A,
                ) -> Result<Map, A::Error> {
                    let mut entries = Vec::new();
                    while let Some(entry) = map.next_entry()? {
                        entries.push(entry);
                    }
                    Ok(Map(entries))
                }
            }
            deserializer.deserialize_struct("Map", &["a", "b"], OnlyMaps)
        }
    }

    let columns = [("a", "int"), ("b", "string")];
    let results = table(&columns, r#"[[1, "x"], [2], ["y", "z"], [3, null]]"#);
    let table_of = open(&results);
    let rows: Vec<Result<Ordered, _>> = table_of.rows().collect();
    let row = |a, b: Option<&str>| {
        let b = b.map(str::to_owned);
        Ok(Ordered { a, b })
    };
    assert_eq!(rows[0], row(1, Some("x")));
    assert_eq!(rows[1], row(2, None));
    let error = rows[2].as_ref().unwrap_err().to_string();
    assert_eq!(
        error,
        "rows[2], column `a`: invalid type: string \"y\", expected i64"
    );
    assert_eq!(rows[3], row(3, None));

    let numbers = table(&columns, "[[1, 2], [3]]");
    let rows: Vec<Map> = open(&numbers).rows().map(Result::unwrap).collect();
    let expected = [
        [("a", Some(1)), ("b", Some(2))],
        [("a", Some(3)), ("b", None)],
    ];
    let expected = expected.map(|row| Map(row.map(|(name, cell)| (name.to_owned(), cell)).into()));
    assert_eq!(rows, expected);
}

#[test]
fn rows_are_deserialized_by_position() {
    let columns = [
        ("a", "long"),
        ("b", "decimal(3,1)"),
        ("c", "struct<x:int,y:int>"),
    ];
    let results = table(&columns, r#"[[1, "2.5", [3, 4]]]"#);
    let table = open(&results);
    let read: (u64, f64, (i8, i8)) = table.rows().next().unwrap().unwrap();
    assert_eq!(read, (1, 2.5, (3, 4)));
    let read: Vec<Value> = table.rows().next().unwrap().unwrap();
    assert_eq!(
        read,
        [1.into(), "2.5".into(), serde_json::json!({"x": 3, "y": 4})]
    );
    let read: Value = table.rows().next().unwrap().unwrap();
    assert_eq!(read["c"], serde_json::json!({"x": 3, "y": 4}));
    let read: BTreeMap<String, Value> = table.rows().next().unwrap().unwrap();
    assert_eq!(read.len(), 3);
}

#[test]
fn single_column_is_deserialized_as_its_value() {
    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        Big,
    }
    #[derive(Debug, Deserialize, PartialEq)]
    struct Id(u128);

    let results = table(
        &[("n", "decimal(38,0)")],
        r#"[["123456789012345678901"], [null]]"#,
    );
    let table_of = open(&results);
    let read: Vec<Option<u128>> = table_of.rows().map(Result::unwrap).collect();
    assert_eq!(read, [Some(123_456_789_012_345_678_901), None]);
    let read: Id = table_of.rows().next().unwrap().unwrap();
    assert_eq!(read, Id(123_456_789_012_345_678_901));
    let results = table(&[("kind", "string")], r#"[["big"]]"#);
    let read: Kind = open(&results).rows().next().unwrap().unwrap();
    assert_eq!(read, Kind::Big);
}

/// Message of the first row that cannot be deserialized into a `T`.
fn error<T: DeserializeOwned>(results: &TableResults) -> String {
    let table = open(results);
    let error = table.rows::<T>().find_map(Result::err).unwrap();
    error.to_string()
}

#[test]
fn error_names_row_and_column() {
    #[derive(Deserialize)]
    #[expect(dead_code, reason = "never deserialized")]
    struct Strict {
        items: Vec<Item>,
        missing: i64,
    }
    let results = wide();
    for (message, expected) in [
        (
            error::<(i64, String, f64)>(&results),
            "rows[0]: expected 3 values, found 7",
        ),
        (
            error::<BTreeMap<String, Option<i64>>>(&results),
            "rows[0], column `amount`: invalid type: string \"5365.62\", expected i64",
        ),
        (
            error::<Strict>(&results),
            "rows[0]: missing field `missing`",
        ),
        (
            error::<i64>(&results),
            "rows[0]: expected a row with one column, found 7",
        ),
    ] {
        assert_eq!(message, expected);
    }
    let results = table(&[("n", "int")], "[[1], [null], [\"x\"]]");
    let table_of = open(&results);
    let rows: Vec<Result<i32, _>> = table_of.rows().collect();
    assert_eq!(rows[0], Ok(1));
    let error_of = |row: usize| rows[row].clone().unwrap_err();
    assert_eq!((error_of(1).row(), error_of(1).column()), (1, Some("n")));
    assert_eq!(
        error_of(1).to_string(),
        "rows[1], column `n`: invalid type: null, expected i32"
    );
    let results = table(&[("a", "array<struct<x:int>>")], "[[[[1], [\"y\"]]]]");
    assert_eq!(
        error::<BTreeMap<String, Vec<BTreeMap<String, u8>>>>(&results),
        "rows[0], column `a[1].x`: invalid type: string \"y\", expected u8"
    );
}

#[test]
fn rows_longer_or_shorter_than_the_schema_are_kept() {
    let results = table(&[("a", "int"), ("b", "int")], "[[1], [], [1, 2, 3]]");
    let table = open(&results);
    assert_eq!(table.columns()[2].name, "_c2");
    let rows: Vec<Vec<Option<i64>>> = table.rows().map(Result::unwrap).collect();
    assert_eq!(
        rows,
        [
            [Some(1), None, None],
            [None; 3],
            [Some(1), Some(2), Some(3)]
        ]
    );
    let none = empty_results();
    let table = open(&none);
    assert!(table.is_empty() && table.columns().is_empty());
    assert_eq!(
        (table.to_string(), csv(&none)),
        (String::new(), String::new())
    );
}

fn empty_results() -> TableResults {
    results("null", "null")
}

fn csv(results: &TableResults) -> String {
    let mut out = Vec::new();
    open(results).to_csv(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn json(results: &TableResults) -> String {
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
fn arbitrary_tables_do_not_panic() {
    arbtest::arbtest(|u| {
        let types = [
            "int",
            "decimal(3,1)",
            "array<struct<a:int>>",
            "map<int,string>",
            "struct<a:int,b:int>",
            "?",
        ];
        let cells = [
            "1",
            "-1.5",
            "null",
            "\"é\"",
            "\"1.5\"",
            "[]",
            "[[1]]",
            "[1,2]",
            "{\"a\":[1]}",
            "true",
        ];
        let mut columns = Vec::new();
        for _ in 0..u.int_in_range(0..=3)? {
            columns.push((*u.choose(&["a", "b", ""])?, *u.choose(&types)?));
        }
        let mut rows = Vec::new();
        for _ in 0..u.int_in_range(0..=3)? {
            let count = u.int_in_range(0..=4)?;
            let row: Result<Vec<_>, _> = (0..count).map(|_| u.choose(&cells).copied()).collect();
            rows.push(format!("[{}]", row?.join(",")));
        }
        let results = table(&columns, &format!("[{}]", rows.join(",")));
        let table = open(&results);
        let _ = table.truncate_cells(3).to_string();
        let _ = csv(&results);
        let written: Vec<Value> = serde_json::from_str(&json(&results)).unwrap();
        assert_eq!(written.len(), rows.len());
        let table = open(&results);
        let _ = table.rows::<Value>().count();
        let _ = table.rows::<Sale>().count();
        let _ = table.rows::<(f64, Option<Vec<(i8,)>>)>().count();
        assert!(table.rows::<Vec<Value>>().all(|row| row.is_ok()));
        Ok(())
    });
}

/// Decimal of up to 38 digits in the format of the server.
fn decimal(u: &mut arbtest::arbitrary::Unstructured<'_>) -> arbtest::arbitrary::Result<String> {
    let digits = (u.arbitrary::<u128>()? % 10_u128.pow(38)) >> u.int_in_range(0..=127)?;
    let scale = u.int_in_range(0..=37)?;
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if u.arbitrary()? { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    Ok(format!("{sign}{whole}{point}{fraction}"))
}

#[test]
fn longs_and_decimals_are_exact() {
    arbtest::arbtest(|u| {
        let long = u.arbitrary::<i64>()? >> u.int_in_range(0..=63)?;
        let decimal = decimal(u)?;
        let results = table(
            &[("long", "bigint"), ("decimal", "decimal(38,0)")],
            &format!(r#"[[{long}, "{decimal}"]]"#),
        );
        let table = open(&results);
        let row: (i64, String) = table.rows().next().unwrap().unwrap();
        assert_eq!(row, (long, decimal.clone()));
        if let Ok(number) = decimal.parse::<i128>() {
            let row: (i128, i128) = table.rows().next().unwrap().unwrap();
            assert_eq!(row, (long.into(), number));
        }
        assert_eq!(csv(&results), format!("long,decimal\n{long},{decimal}\n"));
        let object = format!(r#"{{"long":{long},"decimal":"{decimal}"}}"#);
        assert_eq!(json(&results), format!("[\n{object}\n]\n"));
        assert_eq!(table.to_string().split_whitespace().count(), 4);
        Ok(())
    });
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
