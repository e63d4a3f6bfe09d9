//! Arguments of `dbexec call`: `name=value`, `name=@file`, `name=-` and `name:=json`.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
#[cfg(unix)]
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use api_dynamic::Endpoint;
use api_spec::model::Field;

use super::describe;
use super::file_fields::{is_file, item_type};
use super::specs::Specs;
use crate::error::CliError;
use crate::suggest;

/// A parsed argument.
#[derive(Clone, Copy, Debug)]
pub(super) struct FieldArgument<'a> {
    pub(super) field: &'a Field,
    pub(super) origin: Origin<'a>,
    pub(super) is_json: bool,
}

/// Origin of the value of an argument. Files and standard input are not read yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin<'a> {
    CommandLine(&'a str),
    File(&'a Path),
    Stdin,
}

/// Parses all arguments and checks that they are complete. Opens no file.
pub(super) fn parse_all<'a>(
    specs: &Specs,
    endpoint: Endpoint<'a>,
    arguments: &'a [OsString],
) -> Result<Vec<FieldArgument<'a>>, CliError> {
    let all = arguments.iter().map(|it| parse(specs, endpoint, it));
    let all = all.collect::<Result<Vec<_>, _>>()?;
    check_repetitions(&all)?;
    check_required(specs, endpoint, &all)?;
    Ok(all)
}

pub(super) fn parse<'a>(
    specs: &Specs,
    endpoint: Endpoint<'a>,
    argument: &'a OsStr,
) -> Result<FieldArgument<'a>, CliError> {
    let Some((name, value)) = split(argument) else {
        let argument = argument.to_string_lossy();
        return Err(CliError::usage(format!(
            "invalid argument `{}`, expected `name=value`",
            argument.escape_debug()
        )));
    };
    let (name, is_json) = match name.strip_suffix(':') {
        Some(name) => (name, true),
        None => (&*name, false),
    };
    let field = find(specs, endpoint, name)?;
    let origin = match after_at(value) {
        _ if value == "-" => Origin::Stdin,
        Some(path) if path == "-" => Origin::Stdin,
        Some(path) => Origin::File(Path::new(path)),
        None if is_file(field) => Origin::File(Path::new(value)),
        None => Origin::CommandLine(text(field, value)?),
    };
    Ok(FieldArgument {
        field,
        origin,
        is_json,
    })
}

/// Splits an argument at the first `=`, because values may contain others.
#[cfg(unix)]
fn split(argument: &OsStr) -> Option<(Cow<'_, str>, &OsStr)> {
    let bytes = argument.as_bytes();
    let separator = bytes.iter().position(|&byte| byte == b'=')?;
    let (name, value) = (&bytes[..separator], &bytes[separator + 1..]);
    Some((String::from_utf8_lossy(name), OsStr::from_bytes(value)))
}

/// Splits an argument at the first `=`. Arguments that are not Unicode cannot be split without `unsafe`
/// code on this system.
#[cfg(not(unix))]
fn split(argument: &OsStr) -> Option<(Cow<'_, str>, &OsStr)> {
    let (name, value) = argument.to_str()?.split_once('=')?;
    Some((name.into(), OsStr::new(value)))
}

/// Returns the rest of a value that begins with `@`.
#[cfg(unix)]
fn after_at(value: &OsStr) -> Option<&OsStr> {
    value.as_bytes().strip_prefix(b"@").map(OsStr::from_bytes)
}

/// Returns the rest of a value that begins with `@`.
#[cfg(not(unix))]
fn after_at(value: &OsStr) -> Option<&OsStr> {
    value.to_str()?.strip_prefix('@').map(OsStr::new)
}

/// Checks that only lists occur several times, and that at most one field is read from standard input.
fn check_repetitions(all: &[FieldArgument<'_>]) -> Result<(), CliError> {
    for (index, FieldArgument { field, origin, .. }) in all.iter().enumerate() {
        let previous = &all[..index];
        let is_repeated = previous.iter().any(|other| other.field.wire == field.wire);
        if is_repeated && item_type(field).is_none() {
            let message = format!("the field `{}` is specified twice", field.wire.as_str());
            return Err(CliError::usage(message).help("only lists can be specified several times"));
        }
        let is_stdin = |other: &FieldArgument<'_>| other.origin == Origin::Stdin;
        if *origin == Origin::Stdin && previous.iter().any(is_stdin) {
            return Err(CliError::usage(
                "only one field can be read from standard input",
            ));
        }
    }
    Ok(())
}

fn check_required(
    specs: &Specs,
    endpoint: Endpoint<'_>,
    all: &[FieldArgument<'_>],
) -> Result<(), CliError> {
    let is_specified = |field: &Field| all.iter().any(|other| other.field.wire == field.wire);
    let fields = endpoint.spec().fields();
    let missing: Vec<_> = fields
        .filter(|field| field.is_required() && !is_specified(field))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = missing
        .iter()
        .map(|field| format!("`{}`", field.wire.as_str()))
        .collect();
    let message = format!(
        "missing required fields of {}: {}",
        endpoint.name(),
        names.join(", ")
    );
    let fields = describe::fields(endpoint, &missing, None);
    let usage = describe::usage(specs, endpoint);
    Err(CliError::usage(message).details(format_args!("{fields}\nUsage: {usage}")))
}

fn find<'a>(specs: &Specs, endpoint: Endpoint<'a>, name: &str) -> Result<&'a Field, CliError> {
    let fields = || endpoint.spec().fields();
    let found = fields().find(|field| field.wire.as_str() == name);
    found.ok_or_else(|| {
        let operation = endpoint.name();
        let message = format!("unknown field `{}` of {operation}", name.escape_debug());
        let error = CliError::usage(message);
        let names = fields().map(|field| field.wire.as_str());
        if let Some(similar) = suggest::most_similar(name, names) {
            return error.help(format!("a similar field exists: `{similar}`"));
        }
        let command = specs.command();
        error.help(format!("`{command} {operation} --help` lists the fields"))
    })
}

fn text<'a>(field: &Field, value: &'a OsStr) -> Result<&'a str, CliError> {
    value.to_str().ok_or_else(|| {
        let name = field.wire.as_str();
        CliError::usage(format!("the value of `{name}` is not valid UTF-8"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXECUTE: &str = "commands.execute";

    fn parsed(argument: &str) -> (String, String, bool) {
        let specs = Specs::shipped();
        let argument = OsString::from(argument);
        let argument = parse(&specs, specs.find(EXECUTE).unwrap(), &argument).unwrap();
        (
            argument.field.wire.as_str().to_owned(),
            format!("{:?}", argument.origin),
            argument.is_json,
        )
    }

    /// Returns the error of invalid arguments.
    fn parse_error(name: &str, arguments: &[&str]) -> String {
        let specs = Specs::shipped();
        let arguments: Vec<_> = arguments.iter().map(OsString::from).collect();
        parse_all(&specs, specs.find(name).unwrap(), &arguments)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn each_form_of_argument_is_parsed() {
        let cases = [
            ("command=1", "CommandLine(\"1\")", false),
            ("command=", "CommandLine(\"\")", false),
            ("command=a=b:=c", "CommandLine(\"a=b:=c\")", false),
            ("command= @x", "CommandLine(\" @x\")", false),
            ("command=--", "CommandLine(\"--\")", false),
            ("command=@job.py", "File(\"job.py\")", false),
            ("command=@", "File(\"\")", false),
            ("command=@./-", "File(\"./-\")", false),
            ("command=@-", "Stdin", false),
            ("command=-", "Stdin", false),
            ("command:=-", "Stdin", true),
            ("command:=@x.json", "File(\"x.json\")", true),
            ("command:=\"@x\"", "CommandLine(\"\\\"@x\\\"\")", true),
        ];
        for (argument, origin, is_json) in cases {
            assert_eq!(
                parsed(argument),
                ("command".to_owned(), origin.to_owned(), is_json),
                "{argument}"
            );
        }
    }

    #[test]
    fn field_of_type_file_accepts_a_path_with_or_without_at_sign() {
        let specs = Specs::shipped();
        let endpoint = specs.find("commands.execute_file").unwrap();
        for argument in ["command=job.py", "command=@job.py"] {
            let argument = OsString::from(argument);
            let argument = parse(&specs, endpoint, &argument).unwrap();
            assert_eq!(argument.origin, Origin::File(Path::new("job.py")));
        }
    }

    #[cfg(unix)]
    #[test]
    fn path_may_be_invalid_unicode() {
        let specs = Specs::shipped();
        let argument = OsStr::from_bytes(b"command=@\xff.py");
        let argument = parse(&specs, specs.find(EXECUTE).unwrap(), argument).unwrap();
        assert_eq!(
            argument.origin,
            Origin::File(Path::new(OsStr::from_bytes(b"\xff.py")))
        );
    }

    #[test]
    fn invalid_arguments_are_rejected() {
        let cases: [(&[&str], &str); 5] = [
            (
                &["clusterId"],
                "error: invalid argument `clusterId`, expected `name=value`",
            ),
            (
                &["clusterid=x"],
                "error: unknown field `clusterid` of contexts.create\n\
                 help: a similar field exists: `clusterId`",
            ),
            (
                &["=x"],
                "error: unknown field `` of contexts.create\n\
                 help: `dbexec call contexts.create --help` lists the fields",
            ),
            (
                &["language=r", "language=sql"],
                "error: the field `language` is specified twice\n\
                 help: only lists can be specified several times",
            ),
            (
                &["clusterId=@-", "language=-"],
                "error: only one field can be read from standard input",
            ),
        ];
        for (arguments, message) in cases {
            assert_eq!(parse_error("contexts.create", arguments), message);
        }
    }

    #[cfg(unix)]
    #[test]
    fn invalid_unicode_is_rejected() {
        let specs = Specs::shipped();
        let endpoint = specs.find("contexts.create").unwrap();
        let not_unicode = [OsStr::from_bytes(b"language=\xff").to_owned()];
        let error = parse_all(&specs, endpoint, &not_unicode).unwrap_err();
        assert_eq!(
            error.to_string(),
            "error: the value of `language` is not valid UTF-8"
        );
        let name = [OsStr::from_bytes(b"\xff=1").to_owned()];
        assert!(parse_all(&specs, endpoint, &name).is_err());
    }

    #[test]
    fn missing_field_is_reported_with_its_documentation_and_usage() {
        let message = parse_error("contexts.create", &["language=python"]);
        assert_eq!(
            message,
            "error: missing required fields of contexts.create: `clusterId`\n\n  \
             clusterId  ClusterId  Cluster on which to create the context.\n\n\
             Usage: dbexec call contexts.create clusterId=<ClusterId> language=<Language>"
        );
    }
}
