//! Commands that harm their own process, beside contexts of all languages that go on.
//!
//! A separate program, because it measures its own memory.

#[path = "../spark/workspace.rs"]
#[allow(
    dead_code,
    reason = "shared with the test `spark`, which uses more of it"
)]
mod workspace;

mod bystanders;
mod process;
mod rows;

use local_server::{Options, Server};

use self::bystanders::Bystanders;
use self::process::{is_alive, resident_bytes};
use self::rows::{End, ROWS, Row};
use self::workspace::{Context, error_of, poll, start};

/// Maximum memory of Python and R processes.
const MEMORY_LIMIT: u64 = 256 << 20;

/// Maximum growth of the memory of this process, in which the server runs. Several commands print 100 MB.
const MAX_GROWTH: u64 = 64 << 20;

#[test]
fn harmful_command_harms_no_other_context() {
    local_server::interpreters::testing::require_r();
    let server = start(Options::new().memory_limit(MEMORY_LIMIT));
    let bystanders = Bystanders::start(&server);
    bystanders.await_progress();
    let warm = resident_bytes();
    let mut victims = Victims {
        server: &server,
        context: None,
        processes: Vec::new(),
    };
    for row in ROWS {
        println!("{} {}", row.language, row.name);
        victims.run(row);
        bystanders.await_progress();
    }
    victims.destroy();
    let grown = resident_bytes().saturating_sub(warm);
    println!("grown by {grown} bytes");
    assert!(grown < MAX_GROWTH, "the memory has grown by {grown} bytes");
    bystanders.stop();
}

/// Contexts that run the harmful commands, one at a time.
struct Victims<'a> {
    server: &'a Server,
    context: Option<(&'static str, Context)>,
    /// Processes that commands have started.
    processes: Vec<i32>,
}

impl Victims<'_> {
    fn run(&mut self, row: &Row) {
        let context = self.context(row.language);
        let command = context.submit(row.source);
        if let End::Canceled = row.end {
            // The command prints when it is about to do harm.
            poll(|| {
                context.command(&command)["results"]["data"]
                    .as_str()
                    .map(drop)
            });
            context.cancel(&command);
        }
        let results = context.results(&command);
        let has_failed = match row.end {
            End::Text(text) => {
                assert_eq!(results["data"], text, "{results}");
                false
            }
            End::Truncated => {
                assert_ne!(results["resultType"], "error", "{results}");
                assert_eq!(results["truncated"], true);
                false
            }
            End::Processes => {
                let data = results["data"].as_str().unwrap();
                let started = data.lines().filter_map(|line| line.strip_prefix("pid "));
                let started: Vec<i32> = started.map(|id| id.parse().unwrap()).collect();
                assert!(!started.is_empty(), "{data}");
                self.processes.extend(started);
                false
            }
            End::Failed(message) => {
                let (summary, _) = error_of(&results);
                assert!(summary.contains(message), "{results}");
                false
            }
            End::Fatal(reason) => {
                let (_, cause) = error_of(&results);
                assert!(cause.contains(reason), "{cause}");
                true
            }
            End::Canceled => {
                let (summary, _) = error_of(&results);
                assert_eq!(summary, "Command Cancelled", "{results}");
                // It may have ended its process.
                true
            }
        };
        if has_failed {
            self.destroy();
        } else {
            let (_, context) = self.context.as_ref().unwrap();
            let next = context.run(row.next_command());
            assert_ne!(next["resultType"], "error", "{next}");
        }
    }

    /// Returns the context of a language. A new one replaces that of another language.
    fn context(&mut self, language: &'static str) -> &Context {
        if self.context.as_ref().is_some_and(|(of, _)| *of != language) {
            self.destroy();
        }
        // Its own cluster: the SQL contexts of a cluster share a process.
        let create = || (language, Context::on(self.server, "victims", language));
        let (_, context) = self.context.get_or_insert_with(create);
        context
    }

    /// Destroys the context. The processes of its commands have then exited.
    fn destroy(&mut self) {
        self.context = None;
        for process in self.processes.drain(..) {
            assert!(!is_alive(process), "process {process} is left over");
        }
    }
}
