//! Environment variables of the long tests.

use std::env;

/// Returns the seed of a test, and prints it.
pub(crate) fn seed() -> u64 {
    let seed = number("SOAK_SEED").unwrap_or_else(|| fastrand::u64(..));
    println!("SOAK_SEED={seed}");
    seed
}

/// Returns the number of commands of a test.
pub(crate) fn total(default: usize) -> usize {
    let number = number("SOAK_COMMANDS");
    number.map_or(default, |number| {
        usize::try_from(number).expect("the number should fit into `usize`")
    })
}

/// Returns the value of an environment variable.
fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(text.parse().expect("the variable should be a number"))
}
