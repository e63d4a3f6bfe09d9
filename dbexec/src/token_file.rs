//! Files with a token.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use generated_client::Secret;

use crate::error::CliError;

const MAX_BYTES: u64 = 64 << 10;

/// Reads a token from a file, without line ends after it. `-` is standard input.
pub(crate) fn read(path: &Path) -> Result<Secret, CliError> {
    let text = if path == Path::new("-") {
        read_text(io::stdin().lock())
    } else {
        File::open(path).and_then(read_text)
    };
    let path = path.display();
    let text = text.map_err(|error| {
        CliError::usage(format!("cannot read the token from `{path}`: {error}"))
    })?;
    let token = text.trim_end_matches(['\r', '\n']);
    if token.is_empty() {
        return Err(CliError::usage(format!("`{path}` contains no token")));
    }
    Ok(Secret::from(token))
}

fn read_text(source: impl Read) -> io::Result<String> {
    let mut text = String::new();
    source.take(MAX_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX_BYTES {
        return Err(io::Error::other(format!("more than {MAX_BYTES} bytes")));
    }
    Ok(text)
}
