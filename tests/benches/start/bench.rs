//! Time from the start of a server to the first result, with and without class archives in the cache:
//! `cargo bench -p tests --bench start [-- NAME...]`.
//!
//! Each case is repeated with new servers, whose processes start again. Prints the medians of the time, and
//! of the processor time of the server and all its processes, which depends less on the load of the machine.

use std::fs;
use std::time::{Duration, Instant};

use generated_client::{Config, ExecutionContext, Language};
use local_server::spark::testing;
use local_server::{Options, Server, SparkChoice};

const REPETITIONS: usize = 3;

const TOKEN: &str = "dapi0123";

/// Names, languages, commands and their results.
const CASES: [(&str, Language, &str, &str); 5] = [
    ("python", Language::Python, "1 + 1", "2"),
    ("r", Language::R, "1 + 1", "[1] 2"),
    ("sql", Language::Sql, "select 1", ""),
    (
        "python-spark",
        Language::Python,
        "spark.sql('select 1').collect()",
        "[Row(1=1)]",
    ),
    ("scala", Language::Scala, "1 + 1", "res0: Int = 2"),
];

fn main() {
    let selected: Vec<_> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let spark = SparkChoice::Home(testing::installation().spark.home);
    println!("{:<14}{:>10}{:>16}", "", "time", "processor time");
    for (name, language, command, result) in CASES {
        if !selected.is_empty() && !selected.iter().any(|selected| selected == name) {
            continue;
        }
        let measure = |_| measure(spark.clone(), &language, command, result);
        let (mut times, mut cpu_times): (Vec<_>, Vec<_>) = (0..REPETITIONS).map(measure).unzip();
        println!(
            "{name:<14}{:>8.2} s{:>14.2} s",
            median(&mut times).as_secs_f64(),
            median(&mut cpu_times).as_secs_f64()
        );
    }
}

/// Returns the time to the first result, and the processor time up to the end of all processes.
fn measure(
    spark: SparkChoice,
    language: &Language,
    command: &str,
    result: &str,
) -> (Duration, Duration) {
    let (started, cpu_before) = (Instant::now(), processor_time());
    let server = Server::start(Options::new().token(TOKEN).spark(spark)).unwrap();
    let client = Config::new().host(server.url()).token(TOKEN);
    let client = client.client().unwrap();
    let context = ExecutionContext::create(&client, "bench", language.clone()).unwrap();
    let output = context.run(command).unwrap();
    let elapsed = started.elapsed();
    assert_eq!(output.text().unwrap_or_default(), result);
    drop(context);
    // Kills and reaps all processes, so that their processor time counts.
    server.stop();
    (elapsed, processor_time().saturating_sub(cpu_before))
}

/// Returns the processor time of this process and of its descendants that have exited.
fn processor_time() -> Duration {
    const TICKS_PER_SECOND: u64 = 100;
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    // The name of the process, in parentheses, can contain spaces.
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let fields: Vec<_> = fields.split_whitespace().collect();
    let times = fields[11..15].iter();
    let ticks: u64 = times.map(|field| field.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND)
}

fn median(values: &mut [Duration]) -> Duration {
    values.sort();
    values[values.len() / 2]
}
