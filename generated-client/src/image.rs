//! Images in the results of a command.

use std::fs;
use std::io;
use std::path::Path;

use api_runtime::ServerText;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Image in the results of a command, returned by [`Output::images`](crate::Output::images).
///
/// `Display` writes a summary on one line, for example `image (image/png, 1234 bytes)`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Image {
    /// Image included in the results.
    Inline {
        /// Media type, for example `image/png`.
        media_type: String,
        /// Content of the image file.
        bytes: Vec<u8>,
    },
    /// Image stored in the workspace because it is too large for the results. The API of this crate
    /// has no endpoint to download it.
    Stored {
        /// Path below `/FileStore`, for example `/plots/1234.png`.
        path: String,
    },
    /// Image reference in an unknown format, as sent by the server.
    Unknown(String),
}

impl Image {
    pub(crate) fn parse(name: &str) -> Self {
        let unknown = || Self::Unknown(name.to_owned());
        if starts_with_ignore_case(name, "data:") {
            let inline = parse_data_url(&name["data:".len()..]);
            inline.map_or_else(unknown, |(media_type, bytes)| Self::Inline {
                media_type,
                bytes,
            })
        } else if name.starts_with('/') && !name.contains(char::is_control) {
            Self::Stored {
                path: name.to_owned(),
            }
        } else {
            unknown()
        }
    }

    /// Returns the usual file extension for the image, for example `png`, or `None` if its type is
    /// unknown.
    pub fn extension(&self) -> Option<&str> {
        match self {
            Self::Inline { media_type, .. } => match media_type.as_str() {
                "image/png" => Some("png"),
                "image/jpeg" => Some("jpg"),
                "image/gif" => Some("gif"),
                "image/svg+xml" => Some("svg"),
                "image/webp" => Some("webp"),
                "image/bmp" => Some("bmp"),
                "image/tiff" => Some("tiff"),
                _ => None,
            },
            Self::Stored { path } => {
                let (_, extension) = path.rsplit('/').next()?.rsplit_once('.')?;
                Some(extension)
            }
            Self::Unknown(_) => None,
        }
    }

    /// Writes the image to a file. An existing file is replaced.
    ///
    /// # Errors
    ///
    /// [`Unsupported`](io::ErrorKind::Unsupported) if the image is not [`Inline`](Self::Inline), or
    /// the error of writing the file.
    pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        match self {
            Self::Inline { bytes, .. } => fs::write(path, bytes),
            other => Err(io::Error::new(
                io::ErrorKind::Unsupported,
                other.to_string(),
            )),
        }
    }
}

impl std::fmt::Display for Image {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Inline { media_type, bytes } => {
                let media_type = ServerText::new(media_type).line();
                write!(f, "image ({media_type}, {} bytes)", bytes.len())
            }
            Self::Stored { path } => {
                let path = ServerText::new(path).line();
                write!(f, "image in the workspace: /FileStore{path}")
            }
            Self::Unknown(_) => f.write_str("image in an unknown format"),
        }
    }
}

/// Base64 with optional padding and arbitrary trailing bits.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Parses a data URL without its `data:` (RFC 2397) into media type and content.
fn parse_data_url(url: &str) -> Option<(String, Vec<u8>)> {
    let (head, data) = url.split_once(',')?;
    let mut parameters = head.split(';');
    let media_type = parameters.next().unwrap_or_default().trim();
    let media_type = match media_type.to_ascii_lowercase() {
        // The default of RFC 2397.
        empty if empty.is_empty() => "text/plain".to_owned(),
        media_type if media_type.contains(char::is_control) => return None,
        media_type => media_type,
    };
    let bytes = percent_decode(data);
    if parameters.any(|parameter| parameter.trim().eq_ignore_ascii_case("base64")) {
        // MIME encoders insert line ends.
        let base64: Vec<u8> = bytes
            .into_iter()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        Some((media_type, BASE64.decode(base64).ok()?))
    } else {
        Some((media_type, bytes))
    }
}

fn percent_decode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = (byte == b'%')
            .then(|| after.first_chunk().copied())
            .flatten();
        if let Some(byte) = escaped.and_then(parse_hex) {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    bytes
}

fn parse_hex(digits: [u8; 2]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let value = digit(digits[0])? * 16 + digit(digits[1])?;
    u8::try_from(value).ok()
}

fn starts_with_ignore_case(text: &str, prefix: &str) -> bool {
    let start = text.as_bytes().get(..prefix.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inline(name: &str) -> (String, Vec<u8>) {
        match Image::parse(name) {
            Image::Inline { media_type, bytes } => (media_type, bytes),
            other => panic!("{name}: {other:?}"),
        }
    }

    #[test]
    fn data_urls_are_decoded() {
        for (name, media_type, bytes) in [
            (
                "data:image/png;base64,iVBORw==",
                "image/png",
                &b"\x89PNG"[..],
            ),
            (
                "DATA:image/PNG;name=x;BASE64,iVBORw",
                "image/png",
                b"\x89PNG",
            ),
            (
                "data:image/png;base64,iVBO\nRw%3D%3D",
                "image/png",
                b"\x89PNG",
            ),
            (
                "data:image/svg+xml,%3csvg/%3E%",
                "image/svg+xml",
                b"<svg/>%",
            ),
            ("data:,é", "text/plain", "é".as_bytes()),
        ] {
            assert_eq!(inline(name), (media_type.to_owned(), bytes.to_vec()));
        }
    }

    #[test]
    fn stored_and_unknown_images_cannot_be_saved() {
        let stored = Image::parse("/plots/1234.png");
        assert_eq!(stored.extension(), Some("png"));
        assert_eq!(
            stored.to_string(),
            "image in the workspace: /FileStore/plots/1234.png"
        );
        let error = stored.save("never").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::Unsupported);
        assert!(!Path::new("never").exists());
        for name in [
            "",
            "plots",
            "data:",
            "data:image/png;base64",
            "data:image/png;base64,!",
            "dat\u{e9}:",
        ] {
            assert_eq!(Image::parse(name), Image::Unknown(name.to_owned()));
        }
    }

    #[test]
    fn inline_image_is_saved() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("plot.png");
        let image = Image::parse("data:image/png;base64,iVBORw==");
        image.save(&path).unwrap();
        assert_eq!(fs::read(path).unwrap(), b"\x89PNG");
        assert_eq!(image.to_string(), "image (image/png, 4 bytes)");
    }

    #[test]
    fn arbitrary_names_do_not_panic() {
        arbtest::arbtest(|u| {
            let start = *u.choose(&["", "data:", "data:image/png;base64,", "/"])?;
            let rest: String = u.arbitrary()?;
            let _ = Image::parse(&format!("{start}{rest}")).to_string();
            Ok(())
        });
    }
}
