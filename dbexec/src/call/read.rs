//! Values of the arguments of `dbexec call`, from the command line, files and standard input.

use std::borrow::Cow;
use std::path::Path;

use api_dynamic::Endpoint;
use api_spec::model::{Builtin, Type};
use generated_client::Upload;
use generated_client::api_runtime::Argument;
use serde_json::Value;

use super::argument::{FieldArgument, Origin};
use super::file_fields::{is_file, item_type};
use super::value;
use crate::error::CliError;
use crate::transfer::Transfer;
use crate::{console, source};

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
            Some((_, Argument::Files(uploads))) => uploads.extend(uploads_of(value)),
            _ => values.push((name.to_owned(), value)),
        }
    }
    Ok(values)
}

/// Returns the files of an argument for a field that was specified several times.
fn uploads_of(value: Argument) -> Vec<Upload> {
    match value {
        Argument::Files(uploads) => uploads,
        _ => Vec::new(),
    }
}

/// Returns the items of an argument for a field that was specified several times.
fn items_of(value: Argument) -> Vec<Value> {
    match value {
        Argument::Json(Value::Array(items)) => items,
        Argument::Json(value) => vec![value],
        _ => Vec::new(),
    }
}

impl FieldArgument<'_> {
    fn read(&self, endpoint: Endpoint<'_>, transfer: &Transfer) -> Result<Argument, CliError> {
        if is_file(self.field) && !self.is_json {
            let upload = self.upload(transfer)?;
            return Ok(match item_type(self.field) {
                Some(_) => Argument::Files(vec![upload]),
                None => Argument::File(upload),
            });
        }
        let text: Cow<'_, str> = match self.origin {
            Origin::CommandLine(text) => text.into(),
            Origin::File(path) => source::read_text(path)?.into(),
            Origin::Stdin => source::read_stdin()?.into(),
        };
        if self.is_json {
            return self.json(endpoint, &text);
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
            Err(_) if endpoint.api().accepts_text(ty.required()) => Value::from(text.as_ref()),
            Err(expected) => {
                let message = format!("invalid value of `{name}`, expected {expected}");
                return Err(CliError::usage(message));
            }
        };
        Ok(match value {
            value if is_item => Argument::Json(Value::Array(vec![value])),
            // The digits of JSON are sent as they are written, and secrets remain secrets.
            _ if is_text(&self.field.ty) => Argument::Text(text.into_owned()),
            value => Argument::Json(value),
        })
    }

    fn json(&self, endpoint: Endpoint<'_>, text: &str) -> Result<Argument, CliError> {
        let value = serde_json::from_str(text).map_err(|error| {
            let name = self.field.wire.as_str();
            CliError::usage(format!("the value of `{name}` is not valid JSON: {error}"))
        })?;
        let has_digits = endpoint.api().holds(&self.field.ty, Builtin::Decimal);
        Ok(match (value, text.parse()) {
            (Value::Number(_) | Value::Object(_), Ok(raw)) if has_digits => Argument::RawJson(raw),
            (value, _) => Argument::Json(value),
        })
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
    use std::ffi::OsString;
    use std::io::Write as _;

    use serde_json::json;
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
