//! The generated client compared with handwritten `ureq` calls, against the same server.
//!
//! ```text
//! cargo bench -p tests --bench calls            alternating rounds, and the ratios of their medians
//! calls one generated|manual status|execute COUNT    one side only, for valgrind
//! calls upload generated|manual MEBIBYTES            one large upload: throughput and peak memory
//! ```
//!
//! Run it on one CPU (`taskset -c 0`): on several, the time to wake the other thread dominates. The
//! cost of one call is the difference between two runs of `one` with different counts, measured in
//! instructions by `valgrind --tool=callgrind` and in allocations by `valgrind --tool=dhat`. The
//! server of `one` is a separate process that valgrind does not measure.

mod server;
mod sides;

use std::error::Error;
use std::time::{Duration, Instant};

use sides::{Call, Generated, Manual, Side};

const ROUNDS: usize = 60;
const CALLS: usize = 500;

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let positional: Vec<&str> = arguments
        .iter()
        .map(String::as_str)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    match positional[..] {
        [] => compare(),
        ["serve"] => server::run(),
        ["one", side, call, count] => one(side, call, count.parse()?),
        ["upload", side, mebibytes] => upload(side, mebibytes.parse()?),
        _ => Err("see the documentation at the top of bench.rs".into()),
    }
}

fn side(name: &str, url: &str) -> Result<Box<dyn Side>, Box<dyn Error>> {
    match name {
        "generated" => Ok(Box::new(Generated::new(url)?)),
        "manual" => Ok(Box::new(Manual::new(url))),
        _ => Err("expected `generated` or `manual`".into()),
    }
}

fn compare() -> Outcome {
    let server = server::start();
    let (generated, manual) = (Generated::new(&server.url())?, Manual::new(&server.url()));
    for call in [Call::Status, Call::Execute] {
        let mut times = [Vec::new(), Vec::new()];
        for round in 0..=ROUNDS {
            let sides: [&dyn Side; 2] = [&generated, &manual];
            for (times, side) in times.iter_mut().zip(sides) {
                let time = time(side, call)?;
                // The first round opens the connections.
                if round > 0 {
                    times.push(time);
                }
            }
        }
        let [generated, manual] = times.map(median);
        let ratio = generated.as_secs_f64() / manual.as_secs_f64();
        println!("{call:?}: generated {generated:?}, manual {manual:?}, ratio {ratio:.3}");
    }
    Ok(())
}

/// Returns the mean time of one call.
fn time(side: &dyn Side, call: Call) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    for _ in 0..CALLS {
        side.call(call)?;
    }
    Ok(start.elapsed() / u32::try_from(CALLS)?)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn one(name: &str, call: &str, count: usize) -> Outcome {
    let server = server::Child::start()?;
    let side = side(name, server.url())?;
    let call = match call {
        "status" => Call::Status,
        "execute" => Call::Execute,
        _ => return Err("expected `status` or `execute`".into()),
    };
    for _ in 0..count {
        side.call(call)?;
    }
    Ok(())
}

fn upload(name: &str, mebibytes: u32) -> Outcome {
    let server = server::Child::start()?;
    let side = side(name, server.url())?;
    side.call(Call::Status)?;
    let before = peak();
    let start = Instant::now();
    side.upload(u64::from(mebibytes) << 20)?;
    let seconds = start.elapsed().as_secs_f64();
    let throughput = f64::from(mebibytes) / seconds;
    println!(
        "{throughput:.0} MiB/s; peak {before} KiB before, {} KiB after",
        peak()
    );
    Ok(())
}

/// Returns the peak of the resident memory in KiB, or 0 on systems without `/proc`.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or(0)
}
