//! The fields of a call as they are typed: `name=value`, `name=@file`, `name:=json`.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use generated_client::Upload;
use generated_client::api_runtime::Argument;
use generated_client::api_runtime::operation::{Endpoint, Field, FieldKind};
use serde_json::Value;

use super::describe;
use crate::exit::Failure;
use crate::{source, suggest};

/// A field and what was typed for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written<'a> {
    field: Field,
    value: Typed<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Typed<'a> {
    Text(&'a str),
    Json(&'a str),
    File(&'a Path),
    Stdin,
}

/// Understands all arguments, and sees that they are what the endpoint needs. Opens no file.
pub(super) fn parse_all<'a>(
    endpoint: &'a Endpoint,
    arguments: &'a [OsString],
) -> Result<Vec<Written<'a>>, Failure> {
    let all = arguments.iter().map(|argument| parse(endpoint, argument));
    let all = all.collect::<Result<Vec<_>, _>>()?;
    check_once(&all)?;
    check_complete(endpoint, &all)?;
    Ok(all)
}

/// Opens the files and reads the texts.
pub(super) fn read_all(all: &[Written<'_>]) -> Result<Vec<(String, Argument)>, Failure> {
    all.iter()
        .map(|written| Ok((written.field.name.to_owned(), written.read()?)))
        .collect()
}

fn parse<'a>(endpoint: &'a Endpoint, argument: &'a OsStr) -> Result<Written<'a>, Failure> {
    let bytes = argument.as_bytes();
    let Some(sign) = bytes.iter().position(|&byte| byte == b'=') else {
        let shown = argument.to_string_lossy();
        return Err(Failure::usage(format!(
            "`{}` is not of the form name=value",
            shown.escape_debug()
        )));
    };
    let (name, value) = (&bytes[..sign], OsStr::from_bytes(&bytes[sign + 1..]));
    let (name, is_json) = match name.strip_suffix(b":") {
        Some(name) => (name, true),
        None => (name, false),
    };
    let field = find(endpoint, &String::from_utf8_lossy(name))?;
    let value = match value.as_bytes() {
        _ if is_json => Typed::Json(text(&field, value)?),
        b"@-" => Typed::Stdin,
        [b'@', path @ ..] => Typed::File(Path::new(OsStr::from_bytes(path))),
        _ if field.kind == FieldKind::File => Typed::File(Path::new(value)),
        _ => Typed::Text(text(&field, value)?),
    };
    Ok(Written { field, value })
}

/// No field twice, and no two fields from the one standard input.
fn check_once(all: &[Written<'_>]) -> Result<(), Failure> {
    for (index, Written { field, value }) in all.iter().enumerate() {
        let earlier = &all[..index];
        if earlier.iter().any(|other| other.field.name == field.name) {
            let words = format!("the field `{}` is given twice", field.name);
            return Err(Failure::usage(words));
        }
        if *value == Typed::Stdin && earlier.iter().any(|other| other.value == Typed::Stdin) {
            return Err(Failure::usage("standard input can be one field only"));
        }
    }
    Ok(())
}

fn check_complete(endpoint: &Endpoint, all: &[Written<'_>]) -> Result<(), Failure> {
    let given = |field: &Field| all.iter().any(|written| written.field.name == field.name);
    let fields = endpoint.fields();
    let missing = fields.filter(|field| field.required && !given(field));
    let missing: Vec<_> = missing.map(|field| format!("`{}`", field.name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "{} needs {}\n\n{}\nUsage: {}",
        endpoint.operation.name,
        missing.join(", "),
        describe::fields(endpoint),
        describe::usage(endpoint)
    )))
}

fn find(endpoint: &Endpoint, name: &str) -> Result<Field, Failure> {
    let mut fields = endpoint.fields();
    fields.find(|field| field.name == name).ok_or_else(|| {
        let of = endpoint.operation.name;
        let failure = Failure::usage(format!("{of} has no field `{}`", name.escape_debug()));
        match suggest::nearest(name, endpoint.fields().map(|field| field.name)) {
            Some(near) => failure.note(format!("did you mean `{near}`?")),
            None => failure.note(format!("`dbexec call {of} --fields` lists them")),
        }
    })
}

fn text<'a>(field: &Field, value: &'a OsStr) -> Result<&'a str, Failure> {
    value
        .to_str()
        .ok_or_else(|| Failure::usage(format!("the text for `{}` is not UTF-8", field.name)))
}

impl Written<'_> {
    fn read(&self) -> Result<Argument, Failure> {
        let is_file = self.field.kind == FieldKind::File;
        Ok(match self.value {
            Typed::Text(text) => Argument::Text(text.to_owned()),
            Typed::Json(text) => Argument::Json(self.read_json(text)?),
            Typed::File(path) if is_file => Argument::File(upload(path)?),
            Typed::File(path) => Argument::Text(source::read_text(path)?),
            Typed::Stdin if is_file => {
                Argument::File(Upload::bytes("stdin", source::read_stdin_bytes()?))
            }
            Typed::Stdin => Argument::Text(source::read_stdin()?),
        })
    }

    fn read_json(&self, text: &str) -> Result<Value, Failure> {
        serde_json::from_str(text).map_err(|error| {
            Failure::usage(format!(
                "what is given for `{}` is not JSON: {error}",
                self.field.name
            ))
        })
    }
}

/// A regular file is streamed. What does not say how long it is, such as a pipe, is read.
fn upload(path: &Path) -> Result<Upload, Failure> {
    let unreadable = |error| Failure::usage(format!("{}: {error}", path.display()));
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

    fn endpoint(name: &str) -> &'static Endpoint {
        ENDPOINTS
            .iter()
            .find(|endpoint| endpoint.operation.name == name)
            .unwrap()
    }

    fn typed(argument: &str) -> (String, String) {
        let argument = OsString::from(argument);
        let written = parse(endpoint("commands.execute"), &argument).unwrap();
        (
            written.field.name.to_owned(),
            format!("{:?}", written.value),
        )
    }

    /// The words of the refusal; for one that has a note, without it.
    fn refused(name: &str, arguments: &[&str]) -> String {
        let arguments: Vec<_> = arguments.iter().map(OsString::from).collect();
        parse_all(endpoint(name), &arguments)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn forms() {
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
                typed(argument),
                ("command".to_owned(), value.to_owned()),
                "{argument}"
            );
        }
    }

    #[test]
    fn a_field_of_the_type_file_takes_a_path_with_or_without_the_sign() {
        let endpoint = endpoint("commands.execute_file");
        for argument in ["command=job.py", "command=@job.py"] {
            let argument = OsString::from(argument);
            let written = parse(endpoint, &argument).unwrap();
            assert_eq!(written.value, Typed::File(Path::new("job.py")));
        }
    }

    #[test]
    fn paths_need_not_be_unicode() {
        let argument = OsStr::from_bytes(b"command=@\xff.py");
        let written = parse(endpoint("commands.execute"), argument).unwrap();
        assert_eq!(
            written.value,
            Typed::File(Path::new(OsStr::from_bytes(b"\xff.py")))
        );
    }

    #[test]
    fn what_is_refused() {
        let cases: [(&[&str], &str); 5] = [
            (
                &["clusterId"],
                "error: `clusterId` is not of the form name=value",
            ),
            (
                &["clusterid=x"],
                "error: contexts.create has no field `clusterid`\nnote: did you mean `clusterId`?",
            ),
            (
                &["=x"],
                "error: contexts.create has no field ``\n\
                 note: `dbexec call contexts.create --fields` lists them",
            ),
            (
                &["language=r", "language=sql"],
                "error: the field `language` is given twice",
            ),
            (
                &["clusterId=@-", "language=@-"],
                "error: standard input can be one field only",
            ),
        ];
        for (arguments, words) in cases {
            assert_eq!(refused("contexts.create", arguments), words);
        }
        let not_unicode = [OsStr::from_bytes(b"language=\xff").to_owned()];
        let failure = parse_all(endpoint("contexts.create"), &not_unicode).unwrap_err();
        assert_eq!(
            failure.to_string(),
            "error: the text for `language` is not UTF-8"
        );
        let name = [OsStr::from_bytes(b"\xff=1").to_owned()];
        assert!(parse_all(endpoint("contexts.create"), &name).is_err());
    }

    #[test]
    fn missing_fields_are_explained() {
        let words = refused("contexts.create", &["language=python"]);
        assert!(
            words.starts_with("error: contexts.create needs `clusterId`\n"),
            "{words}"
        );
        assert!(words.contains("clusterId=<ClusterId>"), "{words}");
    }

    fn read(name: &str, argument: &str) -> Result<Argument, String> {
        let argument = OsString::from(argument);
        let written = parse(endpoint(name), &argument).unwrap();
        written.read().map_err(|failure| failure.to_string())
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
        let nothing = read("commands.execute_file", "command=@/dev/null").unwrap();
        assert!(matches!(nothing, Argument::File(upload) if upload.name() == "null"));
        for name in ["commands.execute", "commands.execute_file"] {
            let words = read(name, "command=@/nowhere").unwrap_err();
            assert!(words.starts_with("error: /nowhere: "), "{words}");
        }
    }

    #[test]
    fn json_is_checked() {
        let value = read("commands.execute", "command:=\"@x\"").unwrap();
        assert!(matches!(value, Argument::Json(Value::String(text)) if text == "@x"));
        let words = read("commands.execute", "command:=@x").unwrap_err();
        assert!(
            words.starts_with("error: what is given for `command` is not JSON: "),
            "{words}"
        );
    }
}
