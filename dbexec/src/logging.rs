//! Log messages on standard error.

use std::borrow::Cow;
use std::env;
use std::sync::OnceLock;
use std::time::{Instant, SystemTime};

use env_filter::{Builder, Filter};
use generated_client::api_runtime::types::Timestamp;
use log::{Level, LevelFilter, Log, Metadata, Record};
use serde_json::json;

use crate::cli::{LogFormat, LoggingArgs};
use crate::console;
use crate::one_line::one_line;

/// Variable that selects messages by module, as for other Rust programs.
const VARIABLE: &str = "RUST_LOG";

/// Target of the messages of `dbexec`.
pub(crate) const TARGET: &str = "dbexec";

/// Targets whose trace messages contain URLs, headers and bodies, with credentials: `ureq` and
/// `ureq_proto`.
const SECRET_TARGETS: &str = "ureq";

static LOGGER: OnceLock<Logger> = OnceLock::new();

/// Starts to print log messages, if the arguments or the variable select any.
pub(crate) fn start(args: &LoggingArgs) {
    let variable = env::var(VARIABLE).unwrap_or_default();
    if args.verbose == 0 && variable.is_empty() {
        return;
    }
    let mut builder = Builder::new();
    let level = match args.verbose {
        0 => LevelFilter::Off,
        1 => LevelFilter::Info,
        _ => LevelFilter::Debug,
    };
    builder.filter_level(level);
    if args.verbose > 0 {
        builder.filter_module(TARGET, LevelFilter::Debug);
        builder.filter_module("api_runtime", LevelFilter::Debug);
    }
    if let Err(error) = builder.try_parse(&variable) {
        console::warn(format_args!("invalid variable `{VARIABLE}`: {error}"));
    }
    let filter = builder.build();
    let level = filter.filter();
    let logger = LOGGER.get_or_init(|| Logger {
        filter,
        format: args.log_format,
        start: Instant::now(),
    });
    if log::set_logger(logger).is_ok() {
        log::set_max_level(level);
    }
}

struct Logger {
    filter: Filter,
    format: LogFormat,
    start: Instant,
}

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        !is_secret(metadata) && self.filter.enabled(metadata)
    }

    fn log(&self, record: &Record<'_>) {
        if is_secret(record.metadata()) || !self.filter.matches(record) {
            return;
        }
        let message = one_line(record.args());
        // Removes the secrets of the client from the line.
        console::eprintln(match self.format {
            LogFormat::Text => {
                let level = match record.level() {
                    Level::Error => "error: ",
                    Level::Warn => "warning: ",
                    _ => "",
                };
                let message = without_prefix(&message);
                format!("{:.2} {level}{message}", self.start.elapsed().as_secs_f64())
            }
            LogFormat::Json => json!({
                "time": Timestamp(SystemTime::now()).to_string(),
                "level": record.level().as_str().to_ascii_lowercase(),
                "target": record.target(),
                "message": message,
            })
            .to_string(),
        });
    }

    fn flush(&self) {}
}

/// Removes the prefix of the paths of Databricks from a request: `POST /api/1.2/contexts/create`.
fn without_prefix(message: &str) -> Cow<'_, str> {
    let (method, path) = message.split_once(" /api/").unwrap_or_default();
    match path.split_once('/') {
        Some((_, path)) if method.bytes().all(|byte| byte.is_ascii_uppercase()) => {
            format!("{method} {path}").into()
        }
        _ => message.into(),
    }
}

fn is_secret(metadata: &Metadata<'_>) -> bool {
    metadata.level() == Level::Trace && metadata.target().starts_with(SECRET_TARGETS)
}
