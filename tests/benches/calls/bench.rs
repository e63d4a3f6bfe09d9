//! The generated client against `ureq` by hand: the same calls, to the same server of raw bytes.
//!
//! ```text
//! cargo bench -p tests --bench calls                 rounds by turns, and the ratios of their medians
//! calls one ours|hand status|execute COUNT           one side only, for valgrind
//! calls upload ours|hand MEBIBYTES                   one large upload: its speed and the peak memory
//! ```
//!
//! Run it on one CPU (`taskset -c 0`): across two, waking the other hides everything. What one call
//! costs is the difference of two counts of `one`, by `valgrind --tool=callgrind` in instructions
//! and by `valgrind --tool=dhat` in allocations; its server is a process of its own, which valgrind
//! leaves out.

mod server;
mod sides;

use std::error::Error;
use std::time::{Duration, Instant};

use sides::{Call, Hand, Ours, Side};

const ROUNDS: usize = 60;
const CALLS: usize = 500;

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments
        .iter()
        .map(String::as_str)
        .filter(|word| !word.starts_with("--"))
        .collect();
    match words[..] {
        [] => compare(),
        ["serve"] => server::run(),
        ["one", side, call, count] => one(side, call, count.parse()?),
        ["upload", side, mebibytes] => upload(side, mebibytes.parse()?),
        _ => Err("see the comment at the head of bench.rs".into()),
    }
}

fn side(name: &str, url: &str) -> Result<Box<dyn Side>, Box<dyn Error>> {
    match name {
        "ours" => Ok(Box::new(Ours::new(url)?)),
        "hand" => Ok(Box::new(Hand::new(url))),
        _ => Err("ours or hand".into()),
    }
}

fn compare() -> Outcome {
    let server = server::start();
    let (ours, hand) = (Ours::new(&server.url())?, Hand::new(&server.url()));
    for call in [Call::Status, Call::Execute] {
        let mut times = [Vec::new(), Vec::new()];
        for round in 0..=ROUNDS {
            let sides: [&dyn Side; 2] = [&ours, &hand];
            for (times, side) in times.iter_mut().zip(sides) {
                let time = time(side, call)?;
                // The first round makes connections.
                if round > 0 {
                    times.push(time);
                }
            }
        }
        let [ours, hand] = times.map(median);
        let ratio = ours.as_secs_f64() / hand.as_secs_f64();
        println!("{call:?}: ours {ours:?}, by hand {hand:?}, ratio {ratio:.3}");
    }
    Ok(())
}

/// What one call takes.
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
        _ => return Err("status or execute".into()),
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
    let speed = f64::from(mebibytes) / seconds;
    println!(
        "{speed:.0} MiB/s; peak {before} KiB before, {} after",
        peak()
    );
    Ok(())
}

/// The peak of the resident memory in KiB; 0 where the system does not tell.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or(0)
}
