//! Load on the local server: contexts in four languages, and clients that share them. See README.md.

mod ledger;
#[path = "../soak/settings.rs"]
mod settings;
mod source;

use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use api_runtime::{Client, Credentials};
use fastrand::Rng;
use generated_client::{
    CommandStatus, ContextBuilder, ContextId, ExecutionContext, Language, Output, Results,
    RunError, Wait, commands,
};
use local_server::interpreters::testing::require_r;
use local_server::spark::testing;
use local_server::{Options, Server, SparkChoice};
use serde_json::Value;

use self::ledger::{Counts, Log};
use self::source::{Kind, LINES};

const CLUSTER: &str = "soak";
const CLIENTS: usize = 16;

/// Default number of commands.
const COMMANDS: usize = 2000;

/// Contexts of a language, and its share of the commands.
struct Share {
    language: Language,
    contexts: usize,
    percent: usize,
}

/// The shares differ because a trivial command takes milliseconds in Python and R, and a hundred times as
/// long in Scala. Each Scala context is a JVM, and the SQL contexts share one.
const SHARES: [Share; 4] = [
    Share {
        language: Language::Python,
        contexts: 20,
        percent: 46,
    },
    Share {
        language: Language::R,
        contexts: 14,
        percent: 36,
    },
    Share {
        language: Language::Sql,
        contexts: 14,
        percent: 15,
    },
    Share {
        language: Language::Scala,
        contexts: 2,
        percent: 3,
    },
];

/// Python contexts that are connected to Spark.
const SPARK_CONTEXTS: usize = 6;

/// Limit for operations that take seconds, and on a busy machine minutes.
const DEADLINE: Duration = Duration::from_secs(1800);

#[test]
fn no_result_is_wrong_lost_or_mixed_up() {
    let seed = settings::seed();
    let total = settings::total(COMMANDS);
    require_r();
    let installation = testing::installation();
    let options = Options::new()
        .token("secret")
        // On a busy machine, the end of a canceled command takes longer than usual.
        .cancel_grace(DEADLINE)
        .spark(SparkChoice::Home(installation.spark.home));
    let server = Server::start(options).unwrap();
    let start = Instant::now();
    let contexts = create_all(&server);
    println!("{} contexts after {:.1?}", contexts.len(), start.elapsed());

    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                let client = client(&server);
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= total {
                        return;
                    }
                    let mut random = Rng::with_seed(seed.wrapping_add(number as u64));
                    let context = choose(&contexts, &mut random);
                    let kind = context.kind(&mut random);
                    context.run(&client, kind, number);
                }
            });
        }
    });
    println!("{total} commands after {:.1?}", start.elapsed());
    let client = client(&server);
    for context in &contexts {
        context.check(&client);
    }
    for context in contexts {
        let id = context.id;
        let attached = ExecutionContext::attach(&client, CLUSTER, id, context.language).unwrap();
        attached.close().unwrap();
    }
    assert_eq!(server.contexts(), 0);
    server.stop();
    assert_eq!(children(), [""; 0]);
}

fn client(server: &Server) -> Client {
    Client::builder(server.url())
        .credentials(Credentials::bearer("secret").unwrap())
        .build()
        .unwrap()
}

fn wait() -> Wait {
    Wait::new().timeout(DEADLINE)
}

/// A context, and the commands that it has run according to their responses.
struct Context {
    number: usize,
    language: Language,
    id: ContextId,
    uses_spark: bool,
    counts: Mutex<Counts>,
    log: Mutex<Log>,
}

fn create_all(server: &Server) -> Vec<Context> {
    let languages = SHARES.iter().flat_map(|share| {
        (0..share.contexts).map(|index| (share.language.clone(), index < SPARK_CONTEXTS))
    });
    let languages: Vec<_> = languages.enumerate().collect();
    let next = AtomicUsize::new(0);
    let contexts = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                let client = client(server);
                while let Some((number, (language, uses_spark))) =
                    languages.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    let context = Context::create(&client, *number, language, *uses_spark);
                    contexts.lock().unwrap().push(context);
                }
            });
        }
    });
    let mut contexts = contexts.into_inner().unwrap();
    contexts.sort_by_key(|context| context.number);
    contexts
}

fn choose<'a>(contexts: &'a [Context], random: &mut Rng) -> &'a Context {
    let mut percent = random.usize(..100);
    let mut first = 0;
    for share in &SHARES {
        if percent < share.percent {
            return &contexts[first + random.usize(..share.contexts)];
        }
        percent -= share.percent;
        first += share.contexts;
    }
    unreachable!("the sum of the shares is 100")
}

impl Context {
    fn create(client: &Client, number: usize, language: &Language, uses_spark: bool) -> Self {
        let builder = ContextBuilder::new(CLUSTER, language.clone()).wait(wait());
        let context = builder.create(client).unwrap();
        for command in source::setup(language, number) {
            context.run(&command).unwrap();
        }
        Self {
            number,
            language: language.clone(),
            id: context.detach(),
            uses_spark,
            counts: Mutex::default(),
            log: Mutex::default(),
        }
    }

    fn kind(&self, random: &mut Rng) -> Kind {
        match random.usize(..100) {
            0..10 => Kind::Fail,
            10..18 => Kind::Large,
            18..26 => Kind::Sleep,
            26..32 => Kind::Abandon,
            32..50 if self.uses_spark || self.language == Language::Sql => Kind::Spark,
            _ => Kind::Print,
        }
    }

    /// Runs a command and checks its response.
    fn run(&self, client: &Client, kind: Kind, number: usize) {
        let source = source::source(&self.language, kind, number);
        match kind {
            Kind::Sleep | Kind::Abandon => self.run_canceled(client, kind, number, &source),
            _ => {
                let result = self.output(client, &source);
                let is_sql = self.language == Language::Sql;
                match (kind, is_sql, result) {
                    (Kind::Fail, _, Err(RunError::Failed(failure))) => {
                        self.check_failure(number, &failure.summary.unwrap());
                    }
                    (Kind::Large, false, Ok(output)) => {
                        self.check_lines(number, output.text().unwrap());
                    }
                    (_, false, Ok(output)) => self.check_line(number, output.text().unwrap()),
                    (_, true, Ok(output)) => self.check_rows(kind, number, &output),
                    (_, _, result) => panic!("{kind:?} {number} in {}: {result:?}", self.number),
                }
            }
        }
    }

    fn output(&self, client: &Client, source: &str) -> Result<Output, RunError> {
        let (id, language) = (&self.id, self.language.clone());
        let context = ExecutionContext::attach(client, CLUSTER, id, language).unwrap();
        let context = context.destroy_on_drop(false);
        context.command(source).wait(wait()).run()
    }

    /// Cancels a command, and checks its responses.
    fn run_canceled(&self, client: &Client, kind: Kind, number: usize, source: &str) {
        let execute = commands::Execute::new(CLUSTER, &self.id, self.language.clone(), source);
        let command = commands::execute(client, &execute).unwrap().id;
        let status = commands::Status::new(CLUSTER, &self.id, &command);
        if kind == Kind::Sleep {
            self.await_partial_output(client, number, &status);
        }
        let cancel = commands::Cancel::new(CLUSTER, &self.id, &command);
        commands::cancel(client, &cancel).unwrap();
        let results = poll(|| {
            let response = commands::status(client, &status).unwrap();
            (response.status == CommandStatus::Finished).then_some(response.results)
        });
        match results {
            Some(Results::Error(error)) => {
                let cause = error.cause.unwrap();
                assert!(
                    cause.contains("CommandCancelledException"),
                    "{number}: {cause}"
                );
                match (kind, &self.language) {
                    (Kind::Sleep, _) => {}
                    (_, Language::Sql) => self.log.lock().unwrap().add_unknown(number),
                    _ => self.counts.lock().unwrap().add_unknown(),
                }
            }
            // The command has ended before it was canceled.
            Some(Results::Table(_)) if kind == Kind::Abandon && self.language == Language::Sql => {
                self.log.lock().unwrap().add(number);
            }
            Some(Results::Text(text)) if kind == Kind::Abandon => {
                let text: String = text.data.unwrap().parse().unwrap();
                self.check_line(number, &text);
            }
            results => panic!("{kind:?} {number} in {}: {results:?}", self.number),
        }
    }

    /// Waits until a command has printed its line. A SQL command prints nothing.
    fn await_partial_output(&self, client: &Client, number: usize, status: &commands::Status) {
        let line = poll(|| {
            let response = commands::status(client, status).unwrap();
            assert_ne!(
                response.status,
                CommandStatus::Finished,
                "{number}: {response:?}"
            );
            let is_running = response.status == CommandStatus::Running;
            match response.results {
                Some(Results::Text(text)) => {
                    // The line end may be missing, as it is written after the line.
                    let text: String = text.data?.parse().unwrap();
                    text.strip_suffix('\n').map(|line| Some(line.to_owned()))
                }
                _ if is_running && self.language == Language::Sql => Some(None),
                _ => None,
            }
        });
        if let Some(line) = line {
            self.check_line(number, &line);
        }
    }

    fn check_line(&self, number: usize, line: &str) {
        let numbers: Vec<usize> = line.split(' ').map(|word| word.parse().unwrap()).collect();
        assert_eq!(numbers.len(), 3, "{line}");
        assert_eq!(numbers[..2], [self.number, number], "{line}");
        self.counts.lock().unwrap().add(numbers[2]);
    }

    fn check_lines(&self, number: usize, text: &str) {
        let (first, _) = text.split_once('\n').unwrap();
        let expected = vec![first; LINES].join("\n");
        assert!(text == expected, "{number} in {}: {text}", self.number);
        self.check_line(number, first);
    }

    fn check_failure(&self, number: usize, summary: &str) {
        let (prefix, suffix) = match self.language {
            Language::Python => ("ValueError: ", ""),
            Language::R => ("Error: ", ""),
            Language::Scala => ("java.lang.RuntimeException: ", ""),
            _ => ("[USER_RAISED_EXCEPTION] ", " SQLSTATE: P0001"),
        };
        let line = summary.strip_prefix(prefix);
        let line = line.and_then(|line| line.strip_suffix(suffix));
        let line = line.unwrap_or_else(|| panic!("{number} in {}: {summary}", self.number));
        if self.language == Language::Sql {
            let start = format!("{}/{number}/", self.number);
            let value = line
                .strip_prefix(&start)
                .unwrap_or_else(|| panic!("{summary}"));
            self.log.lock().unwrap().observe(value.to_owned());
        } else {
            self.check_line(number, line);
        }
    }

    fn check_rows(&self, kind: Kind, number: usize, output: &Output) {
        let rows: Vec<_> = output.table().unwrap().values().collect();
        let row = |last: Value| vec![self.number.into(), number.into(), last];
        let mut log = self.log.lock().unwrap();
        match kind {
            Kind::Large => {
                let expected: Vec<_> = (0..LINES).map(|id| row(id.into())).collect();
                assert_eq!(rows, expected);
            }
            Kind::Spark => {
                let value = rows[0][2].clone();
                log.observe(value.as_str().unwrap().to_owned());
                assert_eq!(rows, [row(value)]);
            }
            _ => {
                assert!(rows.is_empty(), "{rows:?}");
                log.add(number);
            }
        }
    }

    /// Compares the responses with the state of the context.
    fn check(&self, client: &Client) {
        let output = self.output(client, source::state(&self.language)).unwrap();
        println!("context {} ({}): {output}", self.number, self.language);
        if self.language == Language::Sql {
            let rows: Vec<_> = output.table().unwrap().values().collect();
            self.log.lock().unwrap().check(rows[0][0].as_str().unwrap());
        } else {
            let count = output.text().unwrap().parse().unwrap();
            self.counts.lock().unwrap().check(count);
        }
    }
}

/// Calls a function until it returns a value.
fn poll<T>(mut function: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(value) = function() {
            return value;
        }
        assert!(start.elapsed() < DEADLINE, "timed out");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Returns the state of the child processes of this process.
fn children() -> Vec<String> {
    let own = format!(" {} ", std::process::id());
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new(); // a system without `/proc`
    };
    let files = entries.map(|entry| entry.unwrap().path().join("stat"));
    let stats = files.filter_map(|file| fs::read_to_string(file).ok());
    stats
        .filter(|stat| {
            let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
            fields
                .get(2..)
                .is_some_and(|fields| fields.starts_with(&own))
        })
        .collect()
}
