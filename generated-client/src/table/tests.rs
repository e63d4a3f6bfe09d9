mod text;

use std::collections::BTreeMap;

use api_runtime::codec::{Decode as _, Reader};
use serde::Deserialize;

use self::text::{csv, json};
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
