//! Compile time and binary size of a generated client per operation, compared with structs that
//! derive serde's traits and call `ureq`, as other generators write them.
//!
//! ```text
//! cargo bench -p tests --bench cost             200 operations
//! cargo bench -p tests --bench cost -- 50       50 operations
//! ```
//!
//! Both clients implement the same API: per operation, a request of eleven fields, a response of
//! eight fields, and an enum of five values. The measured programs call every operation. The cost is
//! the difference to the same crate without operations:
//!
//! - compile time: CPU time of `cargo check` for the crate alone, without incremental compilation,
//!   minimum of several alternating rounds
//! - binary size: size of the stripped release binary
//!
//! CPU times are read from `/proc`, so the benchmark requires Linux.
//!
//! The last line is the time that the generator takes for five times as many operations: to parse
//! and check the spec, and to generate tokens.

mod ours;
mod serde;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

use api_codegen::Options;
use api_spec::Source;

type Outcome<T> = Result<T, Box<dyn Error>>;

const ROUNDS: usize = 5;

fn main() -> Outcome<()> {
    let count = env::args().skip(1).find_map(|word| word.parse().ok());
    let count: usize = count.unwrap_or(200);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cost");
    let crates = [
        Package::write(&folder, "ours_none", &ours::files(0))?,
        Package::write(&folder, "ours_all", &ours::files(count))?,
        Package::write(&folder, "serde_none", &serde::files(0))?,
        Package::write(&folder, "serde_all", &serde::files(count))?,
    ];
    let mut checks = [Duration::MAX; 4];
    for round in 0..=ROUNDS {
        for (package, least) in crates.iter().zip(&mut checks) {
            let time = package.check()?;
            // The first round builds the dependencies.
            if round > 0 {
                *least = time.min(*least);
            }
        }
    }
    let mut sizes = [0; 4];
    for (package, size) in crates.iter().zip(&mut sizes) {
        *size = package.size()?;
    }
    let each = |none: usize, all: usize| {
        let time = checks[all].saturating_sub(checks[none]).as_secs_f64() * 1e3;
        let size = sizes[all].saturating_sub(sizes[none]);
        #[expect(clippy::cast_precision_loss, reason = "for people to read")]
        let each = |whole: f64| whole / count as f64;
        #[expect(clippy::cast_precision_loss, reason = "for people to read")]
        (each(time), each(size as f64 / 1e3))
    };
    let ((ours_check, ours_size), (serde_check, serde_size)) = (each(0, 1), each(2, 3));
    println!("{count} operations, for each:");
    println!(
        "check    ours {ours_check:.1} ms, serde {serde_check:.1} ms, ratio {:.2}",
        ours_check / serde_check
    );
    println!(
        "release  ours {ours_size:.1} kB, serde {serde_size:.1} kB, ratio {:.2}",
        ours_size / serde_size
    );
    generator(5 * count)
}

fn generator(count: usize) -> Outcome<()> {
    let source = Source::new("api.toml", ours::spec(count));
    let start = Instant::now();
    let api = api_spec::parse(&source).api.ok_or("the spec has errors")?;
    let read = start.elapsed();
    let start = Instant::now();
    let tokens = api_codegen::generate(&api, &Options::new(&source));
    let generated = start.elapsed();
    drop(tokens);
    println!("{count} operations: parsed and checked in {read:.0?}, generated in {generated:.0?}");
    Ok(())
}

/// Paths and contents of the files of a package.
type Files = Vec<(&'static str, String)>;

/// A package outside of the workspace. All packages share one target folder.
struct Package {
    folder: PathBuf,
    name: &'static str,
}

impl Package {
    fn write(folder: &Path, name: &'static str, files: &Files) -> Outcome<Self> {
        let package = Self {
            folder: folder.join(name),
            name,
        };
        for (path, text) in files {
            let path = package.folder.join(path);
            fs::create_dir_all(path.parent().ok_or("no folder")?)?;
            fs::write(path, text.replace("NAME", name))?;
        }
        Ok(package)
    }

    fn cargo(&self, arguments: &[&str]) -> Outcome<()> {
        let status = Command::new(env!("CARGO"))
            .args(arguments)
            .args(["--quiet", "--offline"])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.join("../target"))
            .env("CARGO_INCREMENTAL", "0")
            .status()?;
        status
            .success()
            .then_some(())
            .ok_or_else(|| format!("{}: cargo {} failed", self.name, arguments.join(" ")).into())
    }

    /// Returns the CPU time of `cargo check` for the crate alone.
    fn check(&self) -> Outcome<Duration> {
        let source = self.folder.join("src/lib.rs");
        fs::write(&source, fs::read(&source)?)?;
        let before = time_of_children()?;
        self.cargo(&["check", "--lib"])?;
        Ok(time_of_children()?.saturating_sub(before))
    }

    /// Returns the size of the release binary.
    fn size(&self) -> Outcome<u64> {
        self.cargo(&["build", "--release"])?;
        let program = self.folder.join("../target/release").join(self.name);
        Ok(fs::metadata(program)?.len())
    }
}

/// Returns the user CPU time of all child processes that have exited.
fn time_of_children() -> Outcome<Duration> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The name of the program, in parentheses, may contain spaces.
    let fields = stat.rsplit_once(')').ok_or("no name")?.1;
    let ticks: u64 = fields
        .split_whitespace()
        .nth(13)
        .ok_or("no time")?
        .parse()?;
    // `USER_HZ` is 100 on every Linux architecture of Rust.
    Ok(Duration::from_millis(ticks * 10))
}
