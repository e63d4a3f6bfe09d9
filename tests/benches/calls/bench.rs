//! The generated client compared with handwritten `ureq` calls, against the same server.
//!
//! ```text
//! cargo bench -p tests --bench calls              alternating rounds, and the ratios of their medians
//! cargo bench -p tests --bench calls -- uploads MEBIBYTES   the same for uploads of a file
//! cargo bench -p tests --bench calls -- noticing     time until `ExecutionContext::run` has a result
//! calls one generated|manual CALL COUNT              one side only, for valgrind
//! calls upload generated|manual SHAPE FILE           one upload: its peak memory, and for valgrind
//! ```
//!
//! `CALL` is `status`, `execute` or `execute-large`, a command of 1 MiB. `SHAPE` is `multipart` or
//! `raw`, a file as the whole body.
//!
//! Run it on one CPU (`taskset -c 0`): on several, the time to wake the other thread dominates. The
//! cost of one call is the difference between two runs of `one` with different counts, measured in
//! instructions by `valgrind --tool=callgrind` and in allocations by `valgrind --tool=dhat`. The
//! server of `one` and of uploads is a separate process, which is not measured.

mod noticing;
mod server;
mod sides;
mod usage;

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};
use std::{fs, io};

use sides::{Call, Generated, Manual, Shape, Side};

const ROUNDS: usize = 60;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

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
        ["upload", side, shape, file] => upload(side, shape, Path::new(file)),
        ["noticing"] => noticing::run(),
        ["uploads", mebibytes] => compare_uploads(mebibytes.parse()?),
        _ => Err("see the documentation at the top of bench.rs".into()),
    }
}

fn side(name: &str, url: &str) -> Outcome<Box<dyn Side>> {
    match name {
        "generated" => Ok(Box::new(Generated::new(url)?)),
        "manual" => Ok(Box::new(Manual::new(url))),
        _ => Err("expected `generated` or `manual`".into()),
    }
}

fn compare() -> Outcome {
    let server = server::start();
    let (generated, manual) = (Generated::new(&server.url())?, Manual::new(&server.url()));
    for (call, count) in [
        (Call::Status, 500),
        (Call::Execute, 500),
        (Call::ExecuteLarge, 20),
    ] {
        let mut times = [Vec::new(), Vec::new()];
        for round in 0..=ROUNDS {
            let sides: [&dyn Side; 2] = [&generated, &manual];
            for (times, side) in times.iter_mut().zip(sides) {
                let time = time(side, call, count)?;
                // The first round opens the connections.
                if round > 0 {
                    times.push(time);
                }
            }
        }
        let [generated, manual] = times.map(median);
        println!(
            "{call:?}: generated {generated:?}, manual {manual:?}, ratio {:.3}",
            ratio(generated, manual)
        );
    }
    Ok(())
}

/// Returns the mean time of one call.
fn time(side: &dyn Side, call: Call, count: u32) -> Outcome<Duration> {
    let start = Instant::now();
    for _ in 0..count {
        side.call(call)?;
    }
    Ok(start.elapsed() / count)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn ratio(generated: Duration, manual: Duration) -> f64 {
    generated.as_secs_f64() / manual.as_secs_f64()
}

fn one(name: &str, call: &str, count: usize) -> Outcome {
    let server = server::Child::start()?;
    let side = side(name, server.url())?;
    let call = match call {
        "status" => Call::Status,
        "execute" => Call::Execute,
        "execute-large" => Call::ExecuteLarge,
        _ => return Err("expected `status`, `execute` or `execute-large`".into()),
    };
    for _ in 0..count {
        side.call(call)?;
    }
    Ok(())
}

fn upload(name: &str, shape: &str, file: &Path) -> Outcome {
    let server = server::Child::start()?;
    let side = side(name, server.url())?;
    let shape = match shape {
        "multipart" => Shape::Multipart,
        "raw" => Shape::Raw,
        _ => return Err("expected `multipart` or `raw`".into()),
    };
    side.call(Call::Status)?;
    let before = usage::peak()?;
    side.upload(shape, file)?;
    println!("peak {before} KiB before, {} KiB after", usage::peak()?);
    Ok(())
}

/// Number of uploads of each side and shape.
const UPLOADS: usize = 7;

/// Compares uploads of a file that the operating system has in memory. The file is real: on some
/// CPUs, the kernel copies it several times slower to some addresses than to others.
fn compare_uploads(mebibytes: u64) -> Outcome {
    let file = tempfile::NamedTempFile::new()?;
    io::copy(
        &mut io::Read::take(io::repeat(b'x'), mebibytes << 20),
        &mut file.as_file(),
    )?;
    io::copy(&mut fs::File::open(file.path())?, &mut io::sink())?;
    let server = server::Child::start()?;
    let sides = [
        side("generated", server.url())?,
        side("manual", server.url())?,
    ];
    for shape in [Shape::Multipart, Shape::Raw] {
        let mut walls = [Vec::new(), Vec::new()];
        let mut cpus = [Vec::new(), Vec::new()];
        for _ in 0..UPLOADS {
            for (index, side) in sides.iter().enumerate() {
                let (start, cpu) = (Instant::now(), usage::cpu_time()?);
                side.upload(shape, file.path())?;
                walls[index].push(start.elapsed());
                cpus[index].push(usage::cpu_time()?.saturating_sub(cpu));
            }
        }
        for (measure, times) in [("time", walls), ("CPU of the client", cpus)] {
            let [generated, manual] = times.map(median);
            println!(
                "{shape:?}, {mebibytes} MiB, {measure}: generated {generated:.2?}, manual \
                 {manual:.2?}, ratio {:.3}",
                ratio(generated, manual)
            );
        }
    }
    Ok(())
}
