//! Arguments of `dbexec call`: `name=value`, `name=@file` and `name:=json`.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
#[cfg(unix)]
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use generated_client::Upload;
use generated_client::api_runtime::Argument;
use generated_client::api_runtime::operation::{Endpoint, Field, FieldKind};
use serde_json::Value;

use super::describe;
use crate::error::CliError;
use crate::{source, suggest};

/// A parsed argument.
#[derive(Clone, Copy, Debug)]
pub(super) struct FieldArgument<'a> {
    field: Field<'static>,
    value: FieldValue<'a>,
}

/// Value of an argument. Files and standard input are not read yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FieldValue<'a> {
    Text(&'a str),
    Json(&'a str),
    File(&'a Path),
    Stdin,
}

/// Parses all arguments and checks that they are complete and unique. Opens no file.
pub(super) fn parse_all<'a>(
    endpoint: &'a Endpoint<'static>,
    arguments: &'a [OsString],
) -> Result<Vec<FieldArgument<'a>>, CliError> {
    let all = arguments.iter().map(|argument| parse(endpoint, argument));
    let all = all.collect::<Result<Vec<_>, _>>()?;
    check_duplicates(&all)?;
    check_required(endpoint, &all)?;
    Ok(all)
}

/// Reads the values, including files and standard input.
pub(super) fn read_all(all: &[FieldArgument<'_>]) -> Result<Vec<(String, Argument)>, CliError> {
    all.iter()
        .map(|argument| Ok((argument.field.name.to_owned(), argument.read()?)))
        .collect()
}

fn parse<'a>(
    endpoint: &'a Endpoint<'static>,
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
    let field = find(endpoint, name)?;
    let value = match after_at(value) {
        // Before `@`, which has no special meaning in JSON.
        _ if is_json => FieldValue::Json(text(&field, value)?),
        Some(path) if path == "-" => FieldValue::Stdin,
        Some(path) => FieldValue::File(Path::new(path)),
        None if field.kind == FieldKind::File => FieldValue::File(Path::new(value)),
        None => FieldValue::Text(text(&field, value)?),
    };
    Ok(FieldArgument { field, value })
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

/// Checks that no field occurs twice, and that at most one is read from standard input.
fn check_duplicates(all: &[FieldArgument<'_>]) -> Result<(), CliError> {
    for (index, FieldArgument { field, value }) in all.iter().enumerate() {
        let previous = &all[..index];
        if previous.iter().any(|other| other.field.name == field.name) {
            let message = format!("the field `{}` is specified twice", field.name);
            return Err(CliError::usage(message));
        }
        let is_stdin = |other: &FieldArgument<'_>| other.value == FieldValue::Stdin;
        if *value == FieldValue::Stdin && previous.iter().any(is_stdin) {
            return Err(CliError::usage(
                "only one field can be read from standard input",
            ));
        }
    }
    Ok(())
}

fn check_required(endpoint: &Endpoint<'static>, all: &[FieldArgument<'_>]) -> Result<(), CliError> {
    let is_specified = |field: &Field| all.iter().any(|other| other.field.name == field.name);
    let fields = endpoint.fields();
    let missing = fields.filter(|field| field.required && !is_specified(field));
    let missing: Vec<_> = missing.map(|field| format!("`{}`", field.name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!(
        "missing required fields of {}: {}",
        endpoint.operation.name,
        missing.join(", ")
    );
    let fields = describe::fields(endpoint);
    let usage = describe::usage(endpoint);
    Err(CliError::usage(message).details(format_args!("{fields}\nUsage: {usage}")))
}

fn find(endpoint: &Endpoint<'static>, name: &str) -> Result<Field<'static>, CliError> {
    let mut fields = endpoint.fields();
    fields.find(|field| field.name == name).ok_or_else(|| {
        let operation = endpoint.operation.name;
        let message = format!("unknown field `{}` of {operation}", name.escape_debug());
        let error = CliError::usage(message);
        match suggest::most_similar(name, endpoint.fields().map(|field| field.name)) {
            Some(similar) => error.help(format!("a similar field exists: `{similar}`")),
            None => error.help(format!(
                "`dbexec call {operation} --fields` lists the fields"
            )),
        }
    })
}

fn text<'a>(field: &Field<'static>, value: &'a OsStr) -> Result<&'a str, CliError> {
    value
        .to_str()
        .ok_or_else(|| CliError::usage(format!("the value of `{}` is not valid UTF-8", field.name)))
}

impl FieldArgument<'_> {
    fn read(&self) -> Result<Argument, CliError> {
        let is_file = self.field.kind == FieldKind::File;
        Ok(match self.value {
            FieldValue::Text(text) => Argument::Text(text.to_owned()),
            FieldValue::Json(text) => Argument::Json(self.read_json(text)?),
            FieldValue::File(path) if is_file => Argument::File(upload(path)?),
            FieldValue::File(path) => Argument::Text(source::read_text(path)?),
            FieldValue::Stdin if is_file => {
                Argument::File(Upload::bytes("stdin", source::read_stdin_bytes()?))
            }
            FieldValue::Stdin => Argument::Text(source::read_stdin()?),
        })
    }

    fn read_json(&self, text: &str) -> Result<Value, CliError> {
        serde_json::from_str(text).map_err(|error| {
            CliError::usage(format!(
                "the value of `{}` is not valid JSON: {error}",
                self.field.name
            ))
        })
    }
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

    use generated_client::ENDPOINTS;
    use tempfile::NamedTempFile;

    use super::*;

    fn endpoint(name: &str) -> &'static Endpoint<'static> {
        ENDPOINTS
            .iter()
            .find(|endpoint| endpoint.operation.name == name)
            .unwrap()
    }

    fn parsed(argument: &str) -> (String, String) {
        let argument = OsString::from(argument);
        let argument = parse(endpoint("commands.execute"), &argument).unwrap();
        (
            argument.field.name.to_owned(),
            format!("{:?}", argument.value),
        )
    }

    /// Returns the error of invalid arguments.
    fn parse_error(name: &str, arguments: &[&str]) -> String {
        let arguments: Vec<_> = arguments.iter().map(OsString::from).collect();
        parse_all(endpoint(name), &arguments)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn each_form_of_argument_is_parsed() {
        let cases = [
            ("command=1", "Text(\"1\")"),
            ("command=", "Text(\"\")"),
            ("command=a=b:=c", "Text(\"a=b:=c\")"),
            ("command= @x", "Text(\" @x\")"),
            ("command=@job.py", "File(\"job.py\")"),
            ("command=@", "File(\"\")"),
            ("command=@./-", "File(\"./-\")"),
            ("command=@-", "Stdin"),
            ("command:=\"@x\"", "Json(\"\\\"@x\\\"\")"),
        ];
        for (argument, value) in cases {
            assert_eq!(
                parsed(argument),
                ("command".to_owned(), value.to_owned()),
                "{argument}"
            );
        }
    }

    #[test]
    fn field_of_type_file_accepts_a_path_with_or_without_at_sign() {
        let endpoint = endpoint("commands.execute_file");
        for argument in ["command=job.py", "command=@job.py"] {
            let argument = OsString::from(argument);
            let argument = parse(endpoint, &argument).unwrap();
            assert_eq!(argument.value, FieldValue::File(Path::new("job.py")));
        }
    }

    #[cfg(unix)]
    #[test]
    fn path_may_be_invalid_unicode() {
        let argument = OsStr::from_bytes(b"command=@\xff.py");
        let argument = parse(endpoint("commands.execute"), argument).unwrap();
        assert_eq!(
            argument.value,
            FieldValue::File(Path::new(OsStr::from_bytes(b"\xff.py")))
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
                 help: `dbexec call contexts.create --fields` lists the fields",
            ),
            (
                &["language=r", "language=sql"],
                "error: the field `language` is specified twice",
            ),
            (
                &["clusterId=@-", "language=@-"],
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
        let not_unicode = [OsStr::from_bytes(b"language=\xff").to_owned()];
        let error = parse_all(endpoint("contexts.create"), &not_unicode).unwrap_err();
        assert_eq!(
            error.to_string(),
            "error: the value of `language` is not valid UTF-8"
        );
        let name = [OsStr::from_bytes(b"\xff=1").to_owned()];
        assert!(parse_all(endpoint("contexts.create"), &name).is_err());
    }

    #[test]
    fn missing_field_is_reported_with_usage() {
        let message = parse_error("contexts.create", &["language=python"]);
        assert!(
            message.starts_with("error: missing required fields of contexts.create: `clusterId`\n"),
            "{message}"
        );
        assert!(message.contains("clusterId=<ClusterId>"), "{message}");
    }

    fn read(name: &str, argument: &str) -> Result<Argument, String> {
        let argument = OsString::from(argument);
        let argument = parse(endpoint(name), &argument).unwrap();
        argument.read().map_err(|error| error.to_string())
    }

    #[test]
    fn files_are_read_or_uploaded() {
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(b"print(1)\n").unwrap();
        let argument = format!("command=@{}", file.path().display());
        let text = read("commands.execute", &argument).unwrap();
        assert!(matches!(text, Argument::Text(text) if text == "print(1)\n"));
        let upload = read("commands.execute_file", &argument).unwrap();
        assert!(matches!(upload, Argument::File(_)));
        let device = read("commands.execute_file", "command=@/dev/null").unwrap();
        assert!(matches!(device, Argument::File(upload) if upload.name() == "null"));
        for name in ["commands.execute", "commands.execute_file"] {
            let message = read(name, "command=@/nowhere").unwrap_err();
            assert!(message.starts_with("error: /nowhere: "), "{message}");
        }
    }

    #[test]
    fn invalid_json_is_rejected() {
        let value = read("commands.execute", "command:=\"@x\"").unwrap();
        assert!(matches!(value, Argument::Json(Value::String(text)) if text == "@x"));
        let message = read("commands.execute", "command:=@x").unwrap_err();
        assert!(
            message.starts_with("error: the value of `command` is not valid JSON: "),
            "{message}"
        );
    }
}
