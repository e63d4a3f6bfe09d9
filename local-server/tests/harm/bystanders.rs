//! Contexts of all languages that run commands all the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use local_server::Server;

use crate::workspace::{Context, poll};

/// Time between two commands, so that they leave processor time for others.
const PAUSE: Duration = Duration::from_millis(200);

/// Languages, the command that defines a counter, and one that increments it and returns its value.
const LANGUAGES: [(&str, &str, &str); 5] = [
    ("python", "n = 0", "n += 1; print(n)"),
    (
        "python",
        "n = 0",
        "n += 1\nprint(spark.sql(f'select {n}').first()[0])",
    ),
    ("r", "n <- 0L", "n <- n + 1L; cat(n)"),
    (
        "scala",
        "object Counter { var n = 0 }",
        "{ Counter.n += 1; print(Counter.n) }",
    ),
    ("sql", "declare variable n int default 0", "select n"),
];

pub(crate) struct Bystanders {
    threads: Vec<JoinHandle<()>>,
    /// Number of commands of each context.
    counts: Arc<[AtomicUsize]>,
    is_stopped: Arc<AtomicBool>,
}

impl Bystanders {
    pub(crate) fn start(server: &Server) -> Self {
        let counts: Arc<[_]> = LANGUAGES.iter().map(|_| AtomicUsize::new(0)).collect();
        let is_stopped = Arc::new(AtomicBool::new(false));
        let threads = LANGUAGES
            .iter()
            .enumerate()
            .map(|(index, (language, setup, command))| {
                let context = Context::on(server, "bystanders", language);
                let (counts, is_stopped) = (Arc::clone(&counts), Arc::clone(&is_stopped));
                thread::spawn(move || {
                    let first = context.run(setup);
                    assert_ne!(first["resultType"], "error", "{first}");
                    while !is_stopped.load(Ordering::Relaxed) {
                        let count = counts[index].load(Ordering::Relaxed) + 1;
                        if *language == "sql" {
                            context.run("set var n = n + 1");
                            assert_eq!(context.rows(command), serde_json::json!([[count]]));
                        } else {
                            assert_eq!(context.text(command), count.to_string());
                        }
                        counts[index].store(count, Ordering::Relaxed);
                        thread::sleep(PAUSE);
                    }
                })
            });
        let threads = threads.collect();
        Self {
            threads,
            counts,
            is_stopped,
        }
    }

    /// Waits until each context has run a command that was sent after this call.
    pub(crate) fn await_progress(&self) {
        let load = || {
            self.counts
                .iter()
                .map(|count| count.load(Ordering::Relaxed))
        };
        let before: Vec<_> = load().collect();
        poll(|| {
            for (thread, (language, ..)) in self.threads.iter().zip(LANGUAGES) {
                assert!(
                    !thread.is_finished(),
                    "the context in {language} has failed"
                );
            }
            // The next command may have been sent before.
            load()
                .zip(&before)
                .all(|(now, before)| now >= before + 2)
                .then_some(())
        });
    }

    pub(crate) fn stop(self) {
        self.is_stopped.store(true, Ordering::Relaxed);
        for thread in self.threads {
            thread.join().unwrap();
        }
    }
}
