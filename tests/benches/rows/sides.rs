//! The sides that are compared: from the bytes of a response to rows.

use std::error::Error;
use std::hint::black_box;

use api_runtime::codec::{Decode as _, Reader};
use generated_client::{Results, Table, commands};
use serde::Deserialize;
use serde_json::Value;

use crate::response::{NULLS, ROWS};

pub(crate) type Outcome<T> = Result<T, Box<dyn Error>>;

/// One way to decode a response.
#[derive(Clone, Copy)]
pub(crate) struct Side {
    pub(crate) name: &'static str,
    pub(crate) decode: fn(&[u8]) -> Outcome<()>,
}

/// Structs by the generated client, and by a type that derives `Deserialize`, with cells in between
/// and without.
pub(crate) const STRUCTS: [Side; 3] = [
    side("client", client_structs),
    side("cells", cells_to_structs),
    side("direct", direct_structs),
];

/// A table without any type of the caller.
pub(crate) const CELLS: [Side; 2] = [
    side("client-cells", client_table),
    side("serde-cells", serde_cells),
];

const fn side(name: &'static str, decode: fn(&[u8]) -> Outcome<()>) -> Side {
    Side { name, decode }
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoded fields are not used")]
struct Row {
    c0: i64,
    c1: i64,
    c2: f64,
    c3: String,
    c4: String,
    c5: Option<String>,
    c6: bool,
    c7: String,
    c8: f64,
    c9: String,
}

/// The response, written by hand and without a tag.
#[derive(Deserialize)]
#[expect(dead_code, reason = "decoded fields are not used")]
struct Plain<R> {
    id: String,
    status: String,
    results: PlainTable<R>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "decoded fields are not used")]
struct PlainTable<R> {
    data: Vec<R>,
    schema: Option<Vec<PlainColumn>>,
    truncated: Option<bool>,
    is_json_schema: Option<bool>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoded fields are not used")]
struct PlainColumn {
    name: String,
    r#type: String,
    metadata: Option<String>,
}

fn client_response(response: &[u8]) -> Outcome<commands::StatusResponse> {
    let mut reader = Reader::new(response);
    let decoded = commands::StatusResponse::decode(&mut reader);
    Ok(decoded.map_err(|error| error.describe(response))?)
}

fn client_structs(response: &[u8]) -> Outcome<()> {
    let decoded = client_response(response)?;
    let Some(Results::Table(table)) = &decoded.results else {
        return Err("no table".into());
    };
    let rows: Vec<Row> = Table::new(table)?.rows().collect::<Result<_, _>>()?;
    assert_eq!(rows.len(), ROWS);
    drop(black_box(rows));
    Ok(())
}

fn cells_to_structs(response: &[u8]) -> Outcome<()> {
    let decoded: Plain<Vec<Value>> = serde_json::from_slice(response)?;
    let rows = decoded.results.data.into_iter();
    let rows = rows.map(|cells| serde_json::from_value(Value::Array(cells)));
    let rows: Vec<Row> = rows.collect::<Result<_, _>>()?;
    assert_eq!(rows.len(), ROWS);
    drop(black_box(rows));
    Ok(())
}

fn direct_structs(response: &[u8]) -> Outcome<()> {
    let decoded: Plain<Row> = serde_json::from_slice(response)?;
    assert_eq!(decoded.results.data.len(), ROWS);
    drop(black_box(decoded));
    Ok(())
}

fn client_table(response: &[u8]) -> Outcome<()> {
    let decoded = client_response(response)?;
    let Some(Results::Table(table)) = &decoded.results else {
        return Err("no table".into());
    };
    let rows = Table::new(table)?.len();
    assert!(rows == ROWS || rows == 1);
    drop(black_box(decoded));
    Ok(())
}

fn serde_cells(response: &[u8]) -> Outcome<()> {
    let decoded: Plain<Vec<Value>> = serde_json::from_slice(response)?;
    let cells: usize = decoded.results.data.iter().map(Vec::len).sum();
    assert!(cells == 10 * ROWS || cells == NULLS);
    drop(black_box(decoded));
    Ok(())
}
