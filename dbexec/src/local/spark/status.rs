//! `dbexec spark status`.

use std::fmt::Write as _;

use local_server::interpreters::{Interpreter, ProbeError};
use local_server::spark::{Distribution, FindError, Java};
use serde_json::{Value, json};

use crate::cli::{SparkStatusArgs, StatusFormat};
use crate::console;
use crate::error::CliError;
use crate::local::interpreters;

/// Interpreters of this machine.
struct Status {
    spark: Result<Distribution, FindError>,
    java: Result<Java, FindError>,
    python: Result<Interpreter, ProbeError>,
    r: Result<Interpreter, ProbeError>,
}

/// Prints the interpreters that code on this machine uses. Missing ones are not errors.
pub(super) fn status(args: &SparkStatusArgs) -> Result<(), CliError> {
    let search = interpreters::search(&args.interpreters);
    let spark = search.find_spark();
    let version = spark
        .as_ref()
        .map_or(PINNED, |spark| spark.version.as_str());
    let status = Status {
        java: search.find_java(version),
        spark,
        python: Interpreter::python(&args.interpreters.python),
        r: Interpreter::r(&args.interpreters.r),
    };
    match args.output {
        StatusFormat::Text => console::print(&status.text()),
        StatusFormat::Json => console::print_json(&format!("{:#}\n", status.json())),
    }
}

/// Version that determines the required Java if no Spark is installed.
const PINNED: &str = "4.3.0";

impl Status {
    fn text(&self) -> String {
        let mut text = String::new();
        let mut line = |name: &str, found: Result<String, (String, String)>| {
            let _ = match found {
                Ok(found) => writeln!(text, "{name:<7} {found}"),
                Err((error, help)) => {
                    writeln!(
                        text,
                        "{name:<7} not available: {error}\n{:<7} help: {help}",
                        ""
                    )
                }
            };
        };
        line("Spark", describe_spark(&self.spark));
        line("Java", describe_java(&self.java));
        line("Python", describe(&self.python));
        line("R", describe(&self.r));
        if let (Ok(spark), Ok(python)) = (&self.spark, &self.python)
            && !spark.supports_python(&python.version)
        {
            let (major, minor) = spark.min_python();
            let _ = writeln!(
                text,
                "warning: Spark {} requires Python {major}.{minor} or newer; Python code runs without \
                 Spark",
                spark.version
            );
        }
        text
    }

    fn json(&self) -> Value {
        let program = |found: &Result<Interpreter, ProbeError>| match found {
            Ok(found) => json!({"program": found.program, "version": found.version}),
            Err(error) => missing(error, &error.help()),
        };
        json!({
            "spark": match &self.spark {
                Ok(spark) => json!({
                    "home": spark.home,
                    "version": spark.version,
                    "scala": spark.scala,
                    "source": spark.source.to_string(),
                }),
                Err(error) => missing(error, &error.help()),
            },
            "java": match &self.java {
                Ok(java) => json!({
                    "program": java.program,
                    "version": java.version,
                    "source": java.source.to_string(),
                }),
                Err(error) => missing(error, &error.help()),
            },
            "python": program(&self.python),
            "r": program(&self.r),
        })
    }
}

type Described = Result<String, (String, String)>;

fn describe_spark(found: &Result<Distribution, FindError>) -> Described {
    let spark = found
        .as_ref()
        .map_err(|error| (error.to_string(), error.help()))?;
    let Distribution {
        home,
        version,
        scala,
        source,
        ..
    } = spark;
    Ok(format!(
        "{version} (Scala {scala}), {source}: {}",
        home.display()
    ))
}

fn describe_java(found: &Result<Java, FindError>) -> Described {
    let java = found
        .as_ref()
        .map_err(|error| (error.to_string(), error.help()))?;
    Ok(format!(
        "{}, {}: {}",
        java.version,
        java.source,
        java.program.display()
    ))
}

fn describe(found: &Result<Interpreter, ProbeError>) -> Described {
    let found = found
        .as_ref()
        .map_err(|error| (error.to_string(), error.help()))?;
    Ok(format!("{}: {}", found.version, found.program.display()))
}

fn missing(error: &dyn std::error::Error, help: &str) -> Value {
    json!({"error": error.to_string(), "help": help})
}
