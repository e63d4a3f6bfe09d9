//! Encodings of values in queries, forms, headers and multipart bodies.

/// Encoding of a value that is not one text, or that is a part with a media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldStyle<'a> {
    /// A list as one text with this separator.
    Joined(char),
    /// A field per value: `a[key]=1`, `a[]=1` and `a[][key]=1`.
    Brackets,
    /// A field per value: `a[key]=1`, `a[0]=1` and `a[0][key]=1`.
    Indices,
    /// A field per value: `a.key=1`, `a=1` and `a[0].key=1`.
    Dots,
    /// JSON text.
    Json,
    /// A part of a multipart body with this media type. The value is JSON if the media type is.
    Part(&'a str),
}

impl<'a> FieldStyle<'a> {
    /// Parses the style in a field table: a letter, and for [`Part`](Self::Part) the media type.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        Some(match text {
            "," | " " | "|" => Self::Joined(text.chars().next()?),
            "b" => Self::Brackets,
            "i" => Self::Indices,
            "d" => Self::Dots,
            "j" => Self::Json,
            _ => Self::Part(text.strip_prefix('m')?),
        })
    }
}

/// Returns whether the values of a media type are JSON.
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default();
    let essence = essence.trim_end().to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json")
}
