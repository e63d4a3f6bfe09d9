//! Limit of the memory of Python processes.

// macOS does not enforce it.
#![cfg(target_os = "linux")]

use local_server::Options;

use crate::harness::Harness;

const LIMIT: u64 = 128 << 20;

fn start() -> Harness {
    Harness::with(Options::new().memory_limit(LIMIT))
}

#[test]
fn python_command_that_fills_the_memory_fails_and_its_values_can_be_deleted() {
    let harness = start();
    for command in [
        "x = bytearray(1 << 40)",
        "x = []\nwhile True: x.append(bytearray(1 << 20))",
        "def fill():\n    x = []\n    while True: x.append(bytearray(1 << 20))\nfill()",
        // No memory is left for the smallest object.
        "x = None\nwhile True: x = (x,)",
        "x = {}\nwhile True: x[len(x)] = str(len(x))",
    ] {
        let (summary, cause) = harness.failure(command);
        assert_eq!(summary, "MemoryError", "{command}");
        assert!(cause.contains("File \"<command-"), "{command}: {cause}");
        assert_eq!(harness.text("x = None"), "", "{command}");
        let large = harness.text("len(bytearray(50 << 20))");
        assert_eq!(large, "52428800", "{command}");
    }
}

#[test]
fn limit_applies_to_child_processes_and_is_not_lost() {
    let harness = start();
    let child = "import resource, subprocess, sys\n\
                 program = 'bytearray(1 << 30)'\n\
                 subprocess.run([sys.executable, '-c', program], stderr=subprocess.PIPE).stderr.split()[-1]";
    assert_eq!(harness.text(child), "b'MemoryError'");
    harness.text("resource.setrlimit(resource.RLIMIT_DATA, (64 << 20, 64 << 20))");
    assert_eq!(harness.failure("bytearray(100 << 20)").0, "MemoryError");
    assert_eq!(harness.text("1"), "1");
}
