//! A large table through the generated, tagged result type, beside a plain type with derived serde
//! code that knows what comes: 100,000 rows of ten cells.
//!
//! ```text
//! cargo bench -p tests --bench rows              rounds by turns, and the ratios of their medians
//! rows one ours|serde|none                       one side only: its peak memory, and for valgrind
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

/// The same answer, without a tag to look for.
#[derive(Deserialize)]
#[expect(dead_code, reason = "what is decoded is not looked at")]
struct Plain {
    id: String,
    status: String,
    results: Option<PlainTable>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "what is decoded is not looked at")]
struct PlainTable {
    data: Option<Vec<Vec<Value>>>,
    schema: Option<Vec<PlainColumn>>,
    truncated: Option<bool>,
    is_json_schema: Option<bool>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "what is decoded is not looked at")]
struct PlainColumn {
    name: String,
    r#type: String,
    metadata: Option<String>,
}

fn main() -> Outcome<()> {
    let words: Vec<String> = env::args().skip(1).collect();
    let words = words.iter().map(String::as_str);
    match words
        .filter(|word| !word.starts_with("--"))
        .collect::<Vec<_>>()[..]
    {
        [] => compare(),
        ["one", side] => {
            decode(side, &answer())?;
            println!("{}", peak()?);
            Ok(())
        }
        _ => Err("see the comment at the head of bench.rs".into()),
    }
}

fn compare() -> Outcome<()> {
    let answer = answer();
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..=ROUNDS {
        for (times, side) in times.iter_mut().zip(["ours", "serde"]) {
            let start = Instant::now();
            decode(side, &answer)?;
            // The first round warms the allocator.
            if round > 0 {
                times.push(start.elapsed());
            }
        }
    }
    let [ours, serde] = times.map(median);
    println!(
        "{ROWS} rows: ours {ours:.1?}, serde {serde:.1?}, ratio {:.2}",
        ours.as_secs_f64() / serde.as_secs_f64()
    );
    let none = peak_of("none")?;
    let (ours, serde) = (peak_of("ours")? - none, peak_of("serde")? - none);
    #[expect(clippy::cast_precision_loss, reason = "for people to read")]
    let ratio = ours as f64 / serde as f64;
    println!("peak: ours {ours} KiB, serde {serde} KiB, ratio {ratio:.2}");
    Ok(())
}

fn decode(side: &str, answer: &[u8]) -> Outcome<()> {
    match side {
        "ours" => {
            let mut reader = Reader::new(answer);
            let read = commands::StatusResponse::decode(&mut reader)
                .map_err(|error| error.describe(answer))?;
            let Some(Results::Table(table)) = &read.results else {
                return Err("no table".into());
            };
            assert_eq!(table.data.as_ref().map(Vec::len), Some(ROWS));
            drop(black_box(read));
        }
        "serde" => drop(black_box(serde_json::from_slice::<Plain>(answer)?)),
        "none" => {}
        _ => return Err("ours, serde or none".into()),
    }
    Ok(())
}

/// Whole numbers, fractions, texts and nulls; the tag stands behind the rows, as Spark's does. It is
/// written in its place, so that nothing is free to be used again when the decoding begins.
fn answer() -> Vec<u8> {
    let mut text = String::with_capacity(128 * ROWS);
    text.push_str(r#"{"id":"1","status":"Finished","results":{"data":["#);
    for n in 0..ROWS {
        let _ = write!(
            text,
            r#"[{n},{},{}.25,"name {n}","été {n}",null,true,"2024-05-01T12:00:00Z",{}.5e3,"x"],"#,
            n * 7919,
            n % 1000,
            n % 97
        ); // a string takes everything
    }
    text.pop();
    text.push_str(r#"],"schema":["#);
    for n in 0..10 {
        let _ = write!(
            text,
            r#"{{"name":"c{n}","type":"\"string\"","metadata":"{{}}"}},"#
        ); // as above
    }
    text.pop();
    text.push_str(r#"],"truncated":false,"isJsonSchema":true,"resultType":"table"}}"#);
    text.into_bytes()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// The peak memory of a process of its own, in KiB.
fn peak_of(side: &str) -> Outcome<u64> {
    let output = Command::new(env::current_exe()?)
        .args(["one", side])
        .output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// The peak memory of this process, in KiB. Linux alone tells it so.
fn peak() -> Outcome<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.ok_or("no peak")?.parse()?)
}
