//! Log records, captured per thread.

use std::cell::RefCell;
use std::sync::Once;

use log::{Level, LevelFilter, Log, Metadata, Record};

thread_local! {
    static RECORDS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

struct Capture;

impl Log for Capture {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // At level trace, the target `ureq_proto` contains whole requests. This is documented.
        metadata.level() <= Level::Debug || !metadata.target().starts_with("ureq_proto")
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let line = format!("{} {}: {}", record.level(), record.target(), record.args());
        // Fails on a thread whose local storage is destroyed already.
        RECORDS
            .try_with(|records| records.borrow_mut().push(line))
            .unwrap_or_default();
    }

    fn flush(&self) {}
}

/// Installs the logger.
pub(crate) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        log::set_logger(&Capture).expect("no other logger is installed");
        log::set_max_level(LevelFilter::Trace);
    });
}

/// Returns and removes the records of this thread.
pub(crate) fn take() -> Vec<String> {
    RECORDS.take()
}
