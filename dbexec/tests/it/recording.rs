//! The recording in the README: a session at a terminal with `dbexec`, a local server and Spark.
//!
//! The test repeats the session and compares the last screen with that of the recording. To make a new
//! recording, on an idle machine:
//!
//! ```text
//! RECORDING=overwrite cargo test -p dbexec --test it recording
//! ```

mod frames;
mod svg;

use std::fs;
use std::os::unix::fs::symlink;
use std::thread;
use std::time::{Duration, Instant};

use local_server::spark::testing;

use self::frames::Film;
use crate::pty::{Session, Terminal};
use crate::support::{DBEXEC, Sandbox, ServeProcess, without_times};

const RECORDING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/recording.svg");
const TITLE: &str = "dbexec runs Python, SQL and Scala code on a cluster";
const SIZE: (u16, u16) = (80, 26);

/// Maximum size of the file, which is loaded with the README.
const MAX_BYTES: usize = 200_000;

/// Time between two keys.
const KEY: Duration = Duration::from_millis(45);
/// Keys that are shown at once, because each change makes the file larger.
const KEYS: usize = 2;
/// Maximum time without a change while a command runs.
const MAX_WAIT: Duration = Duration::from_millis(500);
/// Maximum time of the output of a command. Longer output is played faster.
const MAX_OUTPUT: Duration = Duration::from_secs(4);
/// Time to read the output of a command.
const READING: Duration = Duration::from_millis(1800);
/// Time to read the last screen.
const END: Duration = Duration::from_secs(6);

/// Script that fails.
const REPORT: &str = "\
import sys

days = {\"2026-11\": 0}
print(\"reading\", sys.argv[1])
rate = 41 / days[sys.argv[1]]
";

/// Input of the session. `^C` presses Ctrl-C when the command runs.
const COMMANDS: [&str; 5] = [
    "dbexec run -l python -c 'print(6 * 7)'",
    "dbexec run report.py -- 2026-11",
    "dbexec run -l sql -c 'SELECT id, id * id AS square FROM range(3)'",
    "dbexec run -l scala -c 'sc.parallelize(1 to 10).collect'",
    "dbexec run -l python -c 'while True: pass'",
];

#[test]
fn session_shows_what_the_recording_shows() {
    let installation = testing::installation();
    let _permit = testing::jvm_start_permit();
    let sandbox = Sandbox::new();
    let spark = installation.spark.home.to_str().unwrap();
    let java = installation.java.program.to_str().unwrap();
    let server = ServeProcess::with(&sandbox, &["--spark-home", spark, "--java", java]);
    let url = &server.url;
    sandbox.write(
        ".databrickscfg",
        format!("[DEFAULT]\nhost = {url}\ntoken = secret\ncluster_id = etl\n"),
    );
    sandbox.write("report.py", REPORT);
    fs::create_dir(sandbox.path("bin")).unwrap();
    symlink(DBEXEC, sandbox.path("bin/dbexec")).unwrap();

    let mut film = Film::new(SIZE.0, SIZE.1);
    let text = record(&sandbox, &mut film);
    let (segments, end) = film.finish();
    if std::env::var_os("RECORDING").is_some_and(|value| value == "overwrite") {
        fs::write(RECORDING, svg::draw(SIZE, TITLE, &segments, end)).unwrap();
    }
    let recording = fs::read_to_string(RECORDING).unwrap();
    assert!(recording.len() < MAX_BYTES, "{} bytes", recording.len());
    assert_eq!(
        stable(&text),
        stable(&svg::last_screen(&recording)),
        "make a new recording, see {}",
        file!()
    );
}

/// Runs the commands, and returns the text of the last screen.
fn record(sandbox: &Sandbox, film: &mut Film) -> String {
    let path = format!("{}:/usr/bin:/bin", sandbox.path("bin").display());
    let mut session = Terminal::new()
        .size(SIZE.0, SIZE.1)
        .variable("TERM", "xterm-256color")
        .variable("DBEXEC_PROGRESS", "auto")
        .variable("PS1", "\x1b[32m$\x1b[m ")
        .variable("PATH", path)
        .start_program(sandbox, "sh", [""; 0]);
    let mut player = Player::new(film);
    wait_for(&session, "a prompt", is_ready);
    player.play(&session);
    for command in COMMANDS {
        session.press(command);
        wait_for(&session, command, |screen| screen.ends_with(command));
        player.type_keys(&session);
        session.press("\r");
        if command.contains("while True") {
            wait_for(&session, "the status", |screen| {
                last_line(screen).contains("Running")
            });
            player.play(&session);
            session.press("\u{3}");
        }
        wait_for(&session, "the next prompt", is_ready);
        player.play(&session);
        player.film.pause(READING);
    }
    player.film.pause(END);
    session.screen() + "\n"
}

fn is_ready(screen: &str) -> bool {
    last_line(screen) == "$"
}

fn last_line(screen: &str) -> &str {
    screen.lines().last().unwrap_or_default()
}

/// Waits for a change of the screen. The start of Spark may take minutes on a busy machine.
#[track_caller]
fn wait_for(session: &Session, condition: &str, is_met: impl Fn(&str) -> bool) {
    const LIMIT: Duration = Duration::from_secs(900);
    let start = Instant::now();
    while !is_met(&session.screen()) {
        assert!(
            start.elapsed() < LIMIT,
            "timed out: {condition}\n{}",
            session.screen()
        );
        thread::sleep(Duration::from_millis(20));
    }
}

/// Transfers what a terminal receives to a film, with other times.
struct Player<'f> {
    film: &'f mut Film,
    /// Number of parts that the film has.
    played: usize,
}

impl<'f> Player<'f> {
    fn new(film: &'f mut Film) -> Self {
        Self { film, played: 0 }
    }

    /// Plays the output of a command, with shorter waits.
    fn play(&mut self, session: &Session) {
        let parts = session.received_parts();
        let new = &parts[self.played..];
        let Some((first, _)) = new.first() else {
            return;
        };
        let mut last = *first;
        let waits = new.iter().map(|(time, _)| {
            let wait = time.duration_since(last).min(MAX_WAIT);
            last = *time;
            wait
        });
        let waits: Vec<Duration> = waits.collect();
        let total: Duration = waits.iter().sum();
        let speed = total.div_duration_f64(MAX_OUTPUT).max(1.0);
        for (wait, (_, bytes)) in waits.iter().zip(new) {
            self.film.pause(wait.div_f64(speed));
            self.film.write(bytes);
        }
        self.played = parts.len();
    }

    /// Plays the echo of keys, as if a person typed them.
    fn type_keys(&mut self, session: &Session) {
        let parts = session.received_parts();
        let bytes: Vec<u8> = parts[self.played..]
            .iter()
            .flat_map(|(_, bytes)| bytes)
            .copied()
            .collect();
        for keys in bytes.chunks(KEYS) {
            self.film.pause(KEY * u32::try_from(keys.len()).unwrap());
            self.film.write(keys);
        }
        self.film.pause(MAX_WAIT);
        self.played = parts.len();
    }
}

/// Replaces times, and removes the marks below the lines of a traceback, which differ between versions of Python.
fn stable(text: &str) -> String {
    let is_mark = |line: &&str| !line.is_empty() && line.chars().all(|c| " ~^".contains(c));
    let lines = text.lines().filter(|line| !is_mark(line));
    lines
        .flat_map(|line| [&without_times(line), "\n"].map(str::to_owned))
        .collect()
}
