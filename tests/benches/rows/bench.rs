//! Large tables: 100,000 rows of ten cells as structs, and a response of 60 MB with nulls. The generated
//! client is compared with types that derive `Deserialize`, in alternating rounds.
//!
//! ```text
//! cargo bench -p tests --bench rows                     times and peak memory
//! cargo bench -p tests --bench rows -- instructions     also instructions, by valgrind
//! rows one RESPONSE SIDE                                one side only: its peak memory
//! ```

mod response;
mod sides;

use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

use self::sides::{CELLS, Outcome, STRUCTS, Side};

const ROUNDS: usize = 15;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments = arguments.iter().map(String::as_str);
    match arguments
        .filter(|argument| !argument.starts_with("--"))
        .collect::<Vec<_>>()[..]
    {
        [] => compare_all(false),
        ["instructions"] => compare_all(true),
        ["one", response, side] => {
            one(response, side)?;
            println!("{}", peak()?);
            Ok(())
        }
        _ => Err("see the documentation at the top of bench.rs".into()),
    }
}

fn compare_all(instructions: bool) -> Outcome<()> {
    println!("{} rows to structs", response::ROWS);
    compare("rows", &response::rows(), &STRUCTS, instructions)?;
    println!("{} rows to a table", response::ROWS);
    compare("rows", &response::rows(), &CELLS, instructions)?;
    let nulls = response::nulls();
    println!("{} nulls", response::NULLS);
    compare("nulls", &nulls, &CELLS, false)?;
    let peak = one_in_process(&[], "nulls", CELLS[0].name)?;
    println!(
        "  peak of the process: {:.2} of the response",
        ratio(peak * 1024, nulls.len() as u64)
    );
    Ok(())
}

/// Prints the costs of each side, and their ratio to those of the second one.
fn compare(name: &str, response: &[u8], sides: &[Side], instructions: bool) -> Outcome<()> {
    let times = times(response, sides)?;
    let base = one_in_process(&[], name, "none")?;
    let mut peaks = Vec::new();
    let mut counts = Vec::new();
    for side in sides {
        peaks.push(one_in_process(&[], name, side.name)?.saturating_sub(base));
        if instructions {
            counts.push(count(name, side.name)?.saturating_sub(count(name, "none")?));
        }
    }
    for (index, side) in sides.iter().enumerate() {
        let micros = |index: usize| u64::try_from(times[index].as_micros()).unwrap_or(u64::MAX);
        print!(
            "  {:13} {:>8.1?} ({:.2})  peak {:>6} KiB ({:.2})",
            side.name,
            times[index],
            ratio(micros(index), micros(1)),
            peaks[index],
            ratio(peaks[index], peaks[1]),
        );
        if instructions {
            let share = ratio(counts[index], counts[1]);
            print!("  {} instructions ({share:.2})", counts[index]);
        }
        println!();
    }
    Ok(())
}

/// Returns the median time of each side.
fn times(response: &[u8], sides: &[Side]) -> Outcome<Vec<Duration>> {
    let mut times = vec![Vec::new(); sides.len()];
    for round in 0..=ROUNDS {
        for (times, side) in times.iter_mut().zip(sides) {
            let start = Instant::now();
            (side.decode)(response)?;
            // The first round warms the allocator.
            if round > 0 {
                times.push(start.elapsed());
            }
        }
    }
    let median = |mut times: Vec<Duration>| {
        times.sort();
        times[times.len() / 2]
    };
    Ok(times.into_iter().map(median).collect())
}

fn one(response: &str, side: &str) -> Outcome<()> {
    let response = match response {
        "rows" => response::rows(),
        "nulls" => response::nulls(),
        _ => return Err("expected `rows` or `nulls`".into()),
    };
    let sides = STRUCTS.iter().chain(&CELLS);
    match sides.into_iter().find(|other| other.name == side) {
        Some(side) => (side.decode)(&response),
        None if side == "none" => Ok(()),
        None => Err(format!("no side `{side}`").into()),
    }
}

/// Runs one side in a separate process, and returns its peak memory in KiB.
fn one_in_process(wrapper: &[&str], response: &str, side: &str) -> Outcome<u64> {
    let this = env::current_exe()?;
    let mut command = match wrapper {
        [] => Command::new(this),
        [program, arguments @ ..] => {
            let mut command = Command::new(program);
            command.args(arguments).arg(this);
            command
        }
    };
    let output = command.args(["one", response, side]).output()?;
    let text = String::from_utf8(output.stdout)?;
    let text = text.trim();
    Ok(text.parse().map_err(|_| {
        let errors = String::from_utf8_lossy(&output.stderr);
        format!("unexpected output `{text}`: {errors}")
    })?)
}

/// Returns the number of instructions of one side.
fn count(response: &str, side: &str) -> Outcome<u64> {
    let file = env::temp_dir().join(format!("rows-{}.callgrind", std::process::id()));
    let option = format!("--callgrind-out-file={}", file.display());
    one_in_process(&["valgrind", "--tool=callgrind", &option], response, side)?;
    let report = fs::read_to_string(&file)?;
    fs::remove_file(&file)?;
    let total = report
        .lines()
        .find_map(|line| line.strip_prefix("totals: "));
    Ok(total
        .ok_or("no totals in the report of valgrind")?
        .trim()
        .parse()?)
}

#[expect(clippy::cast_precision_loss, reason = "only printed")]
fn ratio(one: u64, other: u64) -> f64 {
    one as f64 / other as f64
}

/// Returns the peak memory of this process in KiB. Linux only.
fn peak() -> Outcome<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.ok_or("no `VmHWM` in /proc/self/status")?.parse()?)
}
