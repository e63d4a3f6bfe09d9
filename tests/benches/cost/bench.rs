//! What a generated client costs to compile and to ship, for each operation: ours, and one of
//! structs with derived serde code over `ureq`, as other generators write them.
//!
//! ```text
//! cargo bench -p tests --bench cost             200 operations
//! cargo bench -p tests --bench cost -- 50       another number of them
//! ```
//!
//! Both have the same made-up API: requests of eleven fields and answers of eight, an enumeration of
//! five words for each operation. The programs that are measured call every operation. Costs are
//! differences to the same crate without operations: of the processor time of `cargo check` (of the
//! crate alone, incremental compilation off), the least of several rounds by turns, and of the size
//! of a stripped release program. Times are read from `/proc`, so it runs on Linux alone.
//!
//! Then the generator by itself: how long a description of five times as many operations takes to be
//! read and checked, and to become tokens.

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
            // The first round builds what they depend on.
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
    let source = Source::new("api.toml", ours::description(count));
    let start = Instant::now();
    let api = api_spec::parse(&source)
        .api
        .ok_or("the description has faults")?;
    let read = start.elapsed();
    let start = Instant::now();
    let tokens = api_codegen::generate(&api, &Options::new(&source));
    let generated = start.elapsed();
    drop(tokens);
    println!("{count} operations: read and checked in {read:.0?}, expanded in {generated:.0?}");
    Ok(())
}

/// The files of a package, by their paths in it.
type Files = Vec<(&'static str, String)>;

/// A package beside the workspace, with a target folder that all of them share.
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

    fn cargo(&self, words: &[&str]) -> Outcome<()> {
        let status = Command::new(env!("CARGO"))
            .args(words)
            .args(["--quiet", "--offline"])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.join("../target"))
            .env("CARGO_INCREMENTAL", "0")
            .status()?;
        status
            .success()
            .then_some(())
            .ok_or_else(|| format!("{}: cargo {} failed", self.name, words.join(" ")).into())
    }

    /// The processor time of a check of the crate alone.
    fn check(&self) -> Outcome<Duration> {
        let source = self.folder.join("src/lib.rs");
        fs::write(&source, fs::read(&source)?)?;
        let before = time_of_children()?;
        self.cargo(&["check", "--lib"])?;
        Ok(time_of_children()?.saturating_sub(before))
    }

    /// The size of the program.
    fn size(&self) -> Outcome<u64> {
        self.cargo(&["build", "--release"])?;
        let program = self.folder.join("../target/release").join(self.name);
        Ok(fs::metadata(program)?.len())
    }
}

/// The processor time of all children that have ended, in user mode.
fn time_of_children() -> Outcome<Duration> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The name of the program, in parentheses, may hold spaces.
    let fields = stat.rsplit_once(')').ok_or("no name")?.1;
    let ticks: u64 = fields
        .split_whitespace()
        .nth(13)
        .ok_or("no time")?
        .parse()?;
    // A hundredth of a second on all Linux systems there are.
    Ok(Duration::from_millis(ticks * 10))
}
