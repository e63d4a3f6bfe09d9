//! Values of the arguments of `dbexec call`, from the command line, files and standard input.

use std::borrow::Cow;
use std::path::Path;

use api_dynamic::Endpoint;
use generated_client::Upload;
use generated_client::api_runtime::Argument;
use generated_client::api_runtime::codec::ReadError;
use generated_client::api_runtime::types::RawJson;

use super::argument::{FieldArgument, Origin};
use super::file_fields::{is_file, item_type};
use super::value;
use crate::error::CliError;
use crate::transfer::Transfer;
use crate::{console, source};

/// Value of an argument.
enum ArgumentValue {
    /// The value of a field that only one argument can specify.
    Single(Argument),
    /// Items of a list.
    Items(Vec<RawJson>),
    /// Files of a list.
    Files(Vec<Upload>),
}

/// Reads the values, including files and standard input, and prints warnings about unknown values of
/// enums.
pub(super) fn read_all(
    endpoint: Endpoint<'_>,
    all: &[FieldArgument<'_>],
    transfer: &Transfer,
) -> Result<Vec<(String, Argument)>, CliError> {
    let mut values: Vec<(&str, ArgumentValue)> = Vec::with_capacity(all.len());
    for argument in all {
        let name = argument.field.wire.as_str();
        let value = argument.read(endpoint, transfer)?;
        let earlier = values.iter_mut().find(|(other, _)| *other == name);
        match (earlier.map(|(_, earlier)| earlier), value) {
            (Some(ArgumentValue::Items(items)), ArgumentValue::Items(more)) => items.extend(more),
            (Some(ArgumentValue::Files(files)), ArgumentValue::Files(more)) => files.extend(more),
            (_, value) => values.push((name, value)),
        }
    }
    let values = values.into_iter();
    values
        .map(|(name, value)| Ok((name.to_owned(), value.into_argument(name)?)))
        .collect()
}

impl ArgumentValue {
    fn into_argument(self, name: &str) -> Result<Argument, CliError> {
        let items = match self {
            Self::Single(argument) => return Ok(argument),
            Self::Files(files) => return Ok(Argument::Files(files)),
            Self::Items(items) => items,
        };
        let items: Vec<_> = items.iter().map(RawJson::as_str).collect();
        let list = format!("[{}]", items.join(","));
        match list.parse() {
            Ok(json) => Ok(Argument::Json(json)),
            Err(error) => Err(invalid_json(name, &list, &error)),
        }
    }
}

fn invalid_json(name: &str, text: &str, error: &ReadError) -> CliError {
    let problem = error.describe(text.as_bytes());
    CliError::usage(format!(
        "the value of `{name}` is not valid JSON: {problem}"
    ))
}

/// Returns the items of a list, or a single one.
fn items_of(value: RawJson) -> Result<Vec<RawJson>, ReadError> {
    let mut reader = value.reader();
    if reader.peek() != Some(b'[') {
        return Ok(vec![value]);
    }
    let mut items = Vec::new();
    reader.begin_list()?;
    while reader.next_item()? {
        items.push(reader.raw()?.parse()?);
    }
    Ok(items)
}

impl FieldArgument<'_> {
    fn read(&self, endpoint: Endpoint<'_>, transfer: &Transfer) -> Result<ArgumentValue, CliError> {
        if is_file(self.field) && !self.is_json {
            let upload = self.upload(transfer)?;
            return Ok(match item_type(self.field) {
                Some(_) => ArgumentValue::Files(vec![upload]),
                None => ArgumentValue::Single(Argument::File(upload)),
            });
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
        let value = match value::parse(ty, &text) {
            Ok(value) => value,
            Err(_) if endpoint.api().accepts_text(ty.required()) => value::string(&text),
            Err(expected) => {
                let message = format!("invalid value of `{name}`, expected {expected}");
                return Err(CliError::usage(message));
            }
        };
        Ok(if is_item {
            ArgumentValue::Items(vec![value])
        } else {
            // The runtime parses it again, by the encoding of the field.
            ArgumentValue::Single(Argument::Text(text.into_owned()))
        })
    }

    fn json(&self, text: &str) -> Result<ArgumentValue, CliError> {
        let name = self.field.wire.as_str();
        let parse = || {
            let value: RawJson = text.parse()?;
            Ok(match item_type(self.field) {
                Some(_) if !value.is_null() => ArgumentValue::Items(items_of(value)?),
                _ => ArgumentValue::Single(Argument::Json(value)),
            })
        };
        parse().map_err(|error| invalid_json(name, text, &error))
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
    use std::ffi::OsString;
    use std::io::Write as _;

    use tempfile::NamedTempFile;

    use super::super::argument::parse;
    use super::super::specs::Specs;
    use super::*;

    const EXECUTE: &str = "commands.execute";

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
        assert!(matches!(&value[..], [Argument::Json(json)] if json.as_str() == "\"@x\""));
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
        let list = format!("[{jar},{jar},{jar}]");
        assert!(
            matches!(&values[..], [Argument::Json(json)] if json.as_str() == list),
            "{values:?}"
        );
    }
}
