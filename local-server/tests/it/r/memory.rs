//! Limit of the memory of R processes.

// macOS does not enforce it.
#![cfg(target_os = "linux")]

use local_server::Options;

use super::start_with;

#[test]
fn command_that_fills_the_memory_fails_and_the_context_remains_usable() {
    let r = start_with(Options::new().memory_limit(128 << 20));
    for (command, expected) in [
        ("x <- raw(2^40)", "cannot allocate vector of size 1024.0 Gb"),
        (
            "x <- list(); repeat x[[length(x) + 1L]] <- raw(2^20)",
            "cannot allocate vector of size 1024 Kb",
        ),
        // No memory is left for the smallest object.
        ("x <- NULL; repeat x <- pairlist(x)", "memory exhausted"),
    ] {
        let (summary, _) = r.failure(command);
        assert!(summary.contains(expected), "{command}: {summary}");
        assert_eq!(r.text("x <- NULL; 1 + 1"), "[1] 2", "{command}");
    }
}
