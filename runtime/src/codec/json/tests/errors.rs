//! Messages and locations of errors.

use super::support::{read, read_error};
use crate::codec::json::{ReadError, Reader};

/// Reads `{"results": {"id": integer, "data": [[string]]}}`.
fn results(reader: &mut Reader<'_>) -> Result<(), ReadError> {
    reader.begin_object()?;
    while reader.next_field(&["results"])?.is_some() {
        let mut id = None;
        reader.begin_object()?;
        while let Some(index) = reader.next_field(&["id", "data"])? {
            if index == 0 {
                id = Some(reader.integer()?);
                continue;
            }
            reader.begin_list()?;
            while reader.next_item()? {
                reader.begin_list()?;
                while reader.next_item()? {
                    if reader.string()? == "secret" {
                        return Err(reader.invalid("a date"));
                    }
                }
            }
        }
        id.ok_or_else(|| reader.missing("id"))?;
    }
    Ok(())
}

#[test]
fn errors_have_the_path_or_offset() {
    for (text, message) in [
        (
            r#"{"results":{"data":[[],["a"],[],[0]]}}"#,
            "at `results.data[3][0]`: expected a string, found a number",
        ),
        (
            r#"{"results":{"data":[[],["a"] , ["b" , {}]]}}"#,
            "at `results.data[2][1]`: expected a string, found an object",
        ),
        (
            r#"{"results":{"data":[["secret"]]}}"#,
            "at `results.data[0][0]`: invalid value, expected a date",
        ),
        (
            r#"{"x":{"results":{}}, "results":{"data":[[]]}}"#,
            "at `results`: missing field `id`",
        ),
        (
            r#"{"results": null}"#,
            "at `results`: expected an object, found null",
        ),
        (
            r#"{"results":{"id":"7"}}"#,
            "at `results.id`: expected an integer, found a string",
        ),
        (
            r#"{"results":{"id":1e3}}"#,
            "at `results.id`: expected an integer, found a number with a fraction or exponent",
        ),
        ("[]", "at the top level: expected an object, found a list"),
        (
            "<html>",
            "at byte 0: expected an object, found something that is not JSON",
        ),
        (
            "",
            "at byte 0: expected an object, found the end of the document",
        ),
        ("{} x", "at byte 3: unexpected characters after the value"),
        (
            r#"{"results":{"id":1 "data":[]}}"#,
            "at byte 19: expected `,` or `}`",
        ),
        (
            r#"{"results":{"data":[[]"#,
            "at byte 22: unexpected end of the document in a list",
        ),
        (
            r#"{"results":{"data":[["a"#,
            "at byte 23: unexpected end of the document in a string",
        ),
        (
            r#"{"results":{"id":}}"#,
            "at byte 17: expected an integer, found punctuation",
        ),
        (r#"{"results":{"id" 1}}"#, "at byte 17: expected `:`"),
        (
            r#"{"results":{id:1}}"#,
            "at byte 12: expected a key in quotes",
        ),
        (r#"{"results":{"id":-}}"#, "at byte 18: expected a digit"),
        (
            r#"{"results":{"data":[["\q"]]}}"#,
            "at byte 22: invalid escape sequence in a string",
        ),
        (
            "{\"results\":{\"data\":[[\"a\tb\"]]}}",
            "at byte 23: unescaped control character in a string",
        ),
        (
            r#"{"other":tru}"#,
            "at byte 9: expected `null`, `true` or `false`",
        ),
    ] {
        assert_eq!(read_error(text, results), message, "{text}");
    }
    let broken = b"{\"results\":{\"data\":[[\"a\xff\"]]}}";
    assert_eq!(
        read(broken, results),
        Err("at byte 23: invalid UTF-8".to_owned())
    );
}

#[test]
fn keys_in_paths_are_escaped_and_truncated() {
    let key = "k".repeat(1000);
    let text = format!("{{\"a b\":[{{\"\\n\":{{\"{key}\":7}}}}]}}");
    let decode = |reader: &mut Reader<'_>| {
        reader.begin_object()?;
        reader.next_entry()?;
        reader.begin_list()?;
        reader.next_item()?;
        reader.begin_object()?;
        reader.next_entry()?;
        reader.begin_object()?;
        reader.next_entry()?;
        reader.string()
    };
    let message = read_error(&text, decode);
    let key = "k".repeat(48);
    assert_eq!(
        message,
        format!("at `[\"a b\"][0][\"\\n\"][\"{key}…\"]`: expected a string, found a number")
    );
}

#[test]
fn read_error_is_one_pointer() {
    assert_eq!(size_of::<ReadError>(), size_of::<usize>());
    assert_eq!(size_of::<Result<(), ReadError>>(), size_of::<usize>());
    assert_eq!(size_of::<Result<String, ReadError>>(), size_of::<String>());
}
