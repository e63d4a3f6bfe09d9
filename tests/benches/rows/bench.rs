//! Decoding of a table with 100,000 rows of ten cells: the generated, tagged result type compared
//! with an untagged type that derives `Deserialize`.
//!
//! ```text
//! cargo bench -p tests --bench rows         alternating rounds, and the ratios of their medians
//! rows one generated|serde|none             one side only: its peak memory, and for valgrind
//! ```

use std::error::Error;
use std::fmt::Write as _;
use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

use api_runtime::codec::{Decode as _, Reader};
use generated_client::{Results, commands};
use serde::Deserialize;
use serde_json::Value;

type Outcome<T> = Result<T, Box<dyn Error>>;

const ROWS: usize = 100_000;
const ROUNDS: usize = 15;

/// The same response without a tag.
#[derive(Deserialize)]
#[expect(dead_code, reason = "decoded fields are not used")]
struct Plain {
    id: String,
    status: String,
    results: Option<PlainTable>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "decoded fields are not used")]
struct PlainTable {
    data: Option<Vec<Vec<Value>>>,
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

fn main() -> Outcome<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments = arguments.iter().map(String::as_str);
    match arguments
        .filter(|argument| !argument.starts_with("--"))
        .collect::<Vec<_>>()[..]
    {
        [] => compare(),
        ["one", side] => {
            decode(side, &response())?;
            println!("{}", peak()?);
            Ok(())
        }
        _ => Err("see the documentation at the top of bench.rs".into()),
    }
}

fn compare() -> Outcome<()> {
    let response = response();
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..=ROUNDS {
        for (times, side) in times.iter_mut().zip(["generated", "serde"]) {
            let start = Instant::now();
            decode(side, &response)?;
            // The first round warms the allocator.
            if round > 0 {
                times.push(start.elapsed());
            }
        }
    }
    let [generated, serde] = times.map(median);
    println!(
        "{ROWS} rows: generated {generated:.1?}, serde {serde:.1?}, ratio {:.2}",
        generated.as_secs_f64() / serde.as_secs_f64()
    );
    let none = peak_of("none")?;
    let (generated, serde) = (peak_of("generated")? - none, peak_of("serde")? - none);
    #[expect(clippy::cast_precision_loss, reason = "only printed")]
    let ratio = generated as f64 / serde as f64;
    println!("peak: generated {generated} KiB, serde {serde} KiB, ratio {ratio:.2}");
    Ok(())
}

fn decode(side: &str, response: &[u8]) -> Outcome<()> {
    match side {
        "generated" => {
            let mut reader = Reader::new(response);
            let decoded = commands::StatusResponse::decode(&mut reader)
                .map_err(|error| error.describe(response))?;
            let Some(Results::Table(table)) = &decoded.results else {
                return Err("no table".into());
            };
            assert_eq!(table.data.as_ref().map(Vec::len), Some(ROWS));
            drop(black_box(decoded));
        }
        "serde" => drop(black_box(serde_json::from_slice::<Plain>(response)?)),
        "none" => {}
        _ => return Err("expected `generated`, `serde` or `none`".into()),
    }
    Ok(())
}

/// Returns a response with integers, fractions, strings and nulls. The tag follows the rows, like in
/// responses of Spark.
///
/// The text is written to one allocation of sufficient size: no freed memory can be reused by the
/// decoder, which would reduce its peak.
fn response() -> Vec<u8> {
    let mut text = String::with_capacity(128 * ROWS);
    text.push_str(r#"{"id":"1","status":"Finished","results":{"data":["#);
    for n in 0..ROWS {
        let _ = write!(
            text,
            r#"[{n},{},{}.25,"name {n}","été {n}",null,true,"2024-05-01T12:00:00Z",{}.5e3,"x"],"#,
            n * 7919,
            n % 1000,
            n % 97
        ); // never fails
    }
    text.pop();
    text.push_str(r#"],"schema":["#);
    for n in 0..10 {
        let _ = write!(
            text,
            r#"{{"name":"c{n}","type":"\"string\"","metadata":"{{}}"}},"#
        ); // never fails
    }
    text.pop();
    text.push_str(r#"],"truncated":false,"isJsonSchema":true,"resultType":"table"}}"#);
    text.into_bytes()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Returns the peak memory of a separate process that decodes with this side, in KiB.
fn peak_of(side: &str) -> Outcome<u64> {
    let output = Command::new(env::current_exe()?)
        .args(["one", side])
        .output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// Returns the peak memory of this process in KiB. Linux only.
fn peak() -> Outcome<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.ok_or("no `VmHWM` in /proc/self/status")?.parse()?)
}
