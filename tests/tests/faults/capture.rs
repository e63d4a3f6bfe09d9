//! Everything that is logged, kept for the thread that logged it.

use std::cell::RefCell;
use std::sync::Once;

use log::{LevelFilter, Log, Metadata, Record};

thread_local! {
    static RECORDS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

struct Capture;

impl Log for Capture {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let line = format!("{} {}: {}", record.level(), record.target(), record.args());
        // A thread that is about to end keeps nothing more.
        RECORDS
            .try_with(|records| records.borrow_mut().push(line))
            .unwrap_or_default();
    }

    fn flush(&self) {}
}

/// Listens to all targets, up to debug: at trace, the HTTP library shows whole requests.
pub(crate) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        log::set_logger(&Capture).expect("the only logger");
        log::set_max_level(LevelFilter::Debug);
    });
}

/// What this thread has logged since it was last asked.
pub(crate) fn take() -> Vec<String> {
    RECORDS.take()
}
