//! `dbexec spark status`.

use std::fmt::Write as _;

use local_server::interpreters::{Interpreter, ProbeError};
use local_server::spark::{Distribution, FindError, Java, Source};
use serde_json::{Value, json};

use crate::cli::{SparkStatusArgs, StatusFormat};
use crate::columns::align;
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
        let rows = [
            row("spark", describe_spark(&self.spark)),
            row("java", describe_java(&self.java)),
            row("python", describe(&self.python)),
            row("r", describe(&self.r)),
        ];
        let mut text = align(&rows);
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

/// Version and origin, or an error with the next step.
type Described = Result<(String, String), (String, String)>;

fn row(name: &str, described: Described) -> Vec<String> {
    let (version, text) = match described {
        Ok(found) => found,
        Err((error, help)) => ("missing".to_owned(), format!("try: {help} ({error})")),
    };
    vec![name.to_owned(), version, text]
}

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
    let origin = format!("{}, Scala {scala}: {}", origin(source), home.display());
    Ok((version.clone(), origin))
}

fn describe_java(found: &Result<Java, FindError>) -> Described {
    let java = found
        .as_ref()
        .map_err(|error| (error.to_string(), error.help()))?;
    let origin = format!("{}: {}", origin(&java.source), java.program.display());
    Ok((java.version.to_string(), origin))
}

fn describe(found: &Result<Interpreter, ProbeError>) -> Described {
    let found = found
        .as_ref()
        .map_err(|error| (error.to_string(), error.help()))?;
    Ok((found.version.clone(), found.program.display().to_string()))
}

fn origin(source: &Source) -> String {
    match source {
        Source::Variable(name) => (*name).to_owned(),
        Source::Cache => "cache".to_owned(),
        Source::Option => "option".to_owned(),
        other => other.to_string(),
    }
}

fn missing(error: &dyn std::error::Error, help: &str) -> Value {
    json!({"error": error.to_string(), "help": help})
}
