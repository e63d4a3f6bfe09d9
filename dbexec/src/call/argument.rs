//! Arguments of `dbexec call`: `name=value`, `name=@file`, `name=-` and `name:=json`.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
#[cfg(unix)]
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use api_dynamic::Endpoint;
use api_spec::model::{Field, Type};
use generated_client::Upload;
use generated_client::api_runtime::Argument;
use serde_json::Value;

use super::specs::Specs;
use super::{describe, value};
use crate::error::CliError;
use crate::transfer::Transfer;
use crate::{console, source, suggest};

/// A parsed argument.
#[derive(Clone, Copy, Debug)]
pub(super) struct FieldArgument<'a> {
    field: &'a Field,
    origin: Origin<'a>,
    is_json: bool,
}

/// Origin of the value of an argument. Files and standard input are not read yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin<'a> {
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

/// Reads the values, including files and standard input, and prints warnings about unknown values of
/// enums.
pub(super) fn read_all(
    endpoint: Endpoint<'_>,
    all: &[FieldArgument<'_>],
    transfer: &Transfer,
) -> Result<Vec<(String, Argument)>, CliError> {
    let mut values: Vec<(String, Argument)> = Vec::with_capacity(all.len());
    for argument in all {
        let name = argument.field.wire.as_str();
        let value = argument.read(endpoint, transfer)?;
        match values.iter_mut().find(|(other, _)| other == name) {
            Some((_, Argument::Json(Value::Array(items)))) => items.extend(items_of(value)),
            _ => values.push((name.to_owned(), value)),
        }
    }
    Ok(values)
}

/// Returns the items of an argument for a field that was specified several times.
fn items_of(value: Argument) -> Vec<Value> {
    match value {
        Argument::Json(Value::Array(items)) => items,
        Argument::Json(value) => vec![value],
        _ => Vec::new(),
    }
}

fn parse<'a>(
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

fn is_file(field: &Field) -> bool {
    matches!(field.ty.required(), Type::File)
}

/// Returns the type of the items if the field is a list.
fn item_type(field: &Field) -> Option<&Type> {
    match field.ty.required() {
        Type::List(item) => Some(item),
        _ => None,
    }
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
    let fields = describe::fields(endpoint, &missing);
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

impl FieldArgument<'_> {
    fn read(&self, endpoint: Endpoint<'_>, transfer: &Transfer) -> Result<Argument, CliError> {
        if is_file(self.field) && !self.is_json {
            return self.upload(transfer).map(Argument::File);
        }
        let text: Cow<'_, str> = match self.origin {
            Origin::CommandLine(text) => text.into(),
            Origin::File(path) => source::read_text(path)?.into(),
            Origin::Stdin => source::read_stdin()?.into(),
        };
        if self.is_json {
            return self.json(&text);
        }
        let name = self.field.wire.as_str();
        let (ty, is_item) = match item_type(self.field) {
            Some(item) => (item, true),
            None => (&self.field.ty, false),
        };
        if let Some(warning) = value::unknown_value(endpoint.api(), name, ty, &text) {
            console::warn(warning);
        }
        let value = value::parse(ty, &text).map_err(|expected| {
            CliError::usage(format!("invalid value of `{name}`, expected {expected}"))
        })?;
        Ok(match value {
            value if is_item => Argument::Json(Value::Array(vec![value])),
            // The digits of JSON are sent as they are written, and secrets remain secrets.
            _ if is_text(&self.field.ty) => Argument::Text(text.into_owned()),
            value => Argument::Json(value),
        })
    }

    fn json(&self, text: &str) -> Result<Argument, CliError> {
        let value = serde_json::from_str(text).map_err(|error| {
            let name = self.field.wire.as_str();
            CliError::usage(format!("the value of `{name}` is not valid JSON: {error}"))
        })?;
        Ok(Argument::Json(value))
    }

    fn upload(&self, transfer: &Transfer) -> Result<Upload, CliError> {
        let upload = match self.origin {
            Origin::File(path) => upload(path)?,
            Origin::CommandLine(path) => upload(Path::new(path))?,
            // Without a name, so that it is shown as `-`.
            Origin::Stdin => Upload::bytes("", source::read_stdin_bytes()?),
        };
        Ok(transfer.observe(upload))
    }
}

/// Returns whether the runtime parses text for a type as this module does.
fn is_text(ty: &Type) -> bool {
    matches!(
        ty.required(),
        Type::String
            | Type::Id(_)
            | Type::Enum(_)
            | Type::Builtin(_)
            | Type::RawJson
            | Type::Struct(_)
            | Type::Union(_)
            | Type::Map(_)
            | Type::Json
    )
}

/// Creates an upload. Regular files are streamed; input of unknown length, for example a pipe, is
/// read into memory.
fn upload(path: &Path) -> Result<Upload, CliError> {
    let unreadable = |error| CliError::usage(format!("{}: {error}", path.display()));
    if std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Ok(Upload::path(path));
    }
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    Ok(Upload::bytes(
        name,
        std::fs::read(path).map_err(unreadable)?,
    ))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use serde_json::json;
    use tempfile::NamedTempFile;

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

    fn read(name: &str, arguments: &[&str]) -> Result<Vec<Argument>, String> {
        let specs = Specs::shipped();
        let endpoint = specs.find(name).unwrap();
        let arguments: Vec<_> = arguments.iter().map(OsString::from).collect();
        let parsed = arguments
            .iter()
            .map(|it| parse(&specs, endpoint, it).unwrap());
        let parsed: Vec<_> = parsed.collect();
        let values = read_all(endpoint, &parsed, &Transfer::hidden());
        let values = values.map_err(|error| error.to_string())?;
        Ok(values.into_iter().map(|(_, value)| value).collect())
    }

    #[test]
    fn files_are_read_or_uploaded() {
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(b"print(1)\n").unwrap();
        let argument = format!("command=@{}", file.path().display());
        let text = read(EXECUTE, &[&argument]).unwrap();
        assert!(matches!(&text[..], [Argument::Text(text)] if text == "print(1)\n"));
        let upload = read("commands.execute_file", &[&argument]).unwrap();
        assert!(matches!(&upload[..], [Argument::File(_)]));
        let device = read("commands.execute_file", &["command=@/dev/null"]).unwrap();
        assert!(matches!(&device[..], [Argument::File(upload)] if upload.name() == "null"));
        for name in [EXECUTE, "commands.execute_file"] {
            let message = read(name, &["command=@/nowhere"]).unwrap_err();
            assert!(message.starts_with("error: /nowhere: "), "{message}");
        }
    }

    #[test]
    fn invalid_json_is_rejected() {
        let value = read(EXECUTE, &["command:=\"@x\""]).unwrap();
        assert!(matches!(&value[..], [Argument::Json(Value::String(text))] if text == "@x"));
        let message = read(EXECUTE, &["command:={"]).unwrap_err();
        assert!(
            message.starts_with("error: the value of `command` is not valid JSON: "),
            "{message}"
        );
    }

    #[test]
    fn repeated_arguments_are_the_items_of_a_list() {
        let jar = r#"{"jar": "dbfs:/a.jar"}"#;
        let one = format!("libraries={jar}");
        let list = format!("libraries:=[{jar}]");
        let values = read("libraries.install", &[&one, &one, &list]).unwrap();
        let jar = json!({"jar": "dbfs:/a.jar"});
        assert!(
            matches!(&values[..], [Argument::Json(list)] if *list == json!([jar, jar, jar])),
            "{values:?}"
        );
    }
}
