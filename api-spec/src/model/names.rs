//! Names on the wire and names in Rust.

use std::fmt;

use super::humps::{humps, is_mixed_case};

/// A key or a value as spelled on the wire.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WireName(String);

impl WireName {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the name as a string.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WireName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A valid Rust identifier. A keyword is a raw identifier with `r#`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RustName(String);

impl RustName {
    /// Returns the identifier as Rust source, e.g. `status` or `r#type`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the identifier without `r#`, e.g. as a part of another name.
    pub fn unraw(&self) -> &str {
        self.0.strip_prefix("r#").unwrap_or(&self.0)
    }

    /// Derives a `snake_case` name from a wire name. Returns `None` for a name without ASCII letters
    /// and digits, or with letters outside of ASCII.
    pub fn snake(wire: &str) -> Option<Self> {
        snake_case(wire).map(Self::escape)
    }

    /// Derives an `UpperCamelCase` name from a wire name. Returns `None` for a name without ASCII
    /// letters and digits, or with letters outside of ASCII.
    pub fn camel(wire: &str) -> Option<Self> {
        camel_case(wire).map(Self::escape)
    }

    /// Derives a name from a wire name like [`camel`](Self::camel), but keeps the case of all letters
    /// except for the first one of each word: `MONTH` and `month` have different names.
    pub fn camel_with_case(wire: &str) -> Option<Self> {
        if has_foreign_letters(wire) {
            return None;
        }
        let parts = wire.split(|c: char| !c.is_ascii_alphanumeric());
        let name: String = parts.filter(|it| !it.is_empty()).map(capitalized).collect();
        (!name.is_empty()).then(|| Self::escape(name))
    }

    /// Returns the name of the waiter of the function `self`, e.g. `wait_for_create` for `create`.
    pub(crate) fn waiter(&self) -> Self {
        Self::escape(format!("wait_for_{}", self.unraw()))
    }

    /// Returns the name of the function that classifies a response of the poll of the function `self`,
    /// e.g. `create_progress` for `create`.
    pub(crate) fn progress(&self) -> Self {
        Self::escape(format!("{}_progress", self.unraw()))
    }

    /// Returns the name of the function that iterates over all pages of the function `self`, e.g.
    /// `list_all` for `list`.
    pub(crate) fn pager(&self) -> Self {
        Self::escape(format!("{}_all", self.unraw()))
    }

    /// Creates an identifier from text that consists of ASCII letters, digits and `_`.
    pub(crate) fn escape(mut text: String) -> Self {
        if text.starts_with(|first: char| first.is_ascii_digit()) {
            text.insert(0, '_');
        }
        if RESERVED.contains(&text.as_str()) {
            text.push('_');
        } else if KEYWORDS.binary_search(&text.as_str()).is_ok() {
            text.insert_str(0, "r#");
        }
        Self(text)
    }

    /// Parses the value of the key `rust`.
    pub(crate) fn parse(text: &str, case: Case) -> Result<Self, NameError> {
        let ident = text.strip_prefix("r#").unwrap_or(text);
        if RESERVED.contains(&ident) {
            return Err(NameError::Reserved);
        }
        if !is_identifier(ident) {
            return Err(NameError::NotIdentifier);
        }
        if !case.accepts(ident) {
            return Err(NameError::WrongCase);
        }
        Ok(Self::escape(ident.to_owned()))
    }
}

impl fmt::Display for RustName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reason why a string is not a valid Rust name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameError {
    /// Not an identifier of ASCII letters, digits and `_`.
    NotIdentifier,
    /// Not allowed as a name, not even as a raw identifier.
    Reserved,
    /// An identifier that rustc would warn about.
    WrongCase,
}

/// The case of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// `snake_case`
    Snake,
    /// `UpperCamelCase`
    Camel,
}

impl Case {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Snake => "snake_case",
            Self::Camel => "UpperCamelCase",
        }
    }

    /// Converts the text to this case. Returns `None` if it has no usable characters.
    pub(crate) fn apply(self, text: &str) -> Option<String> {
        match self {
            Self::Snake => snake_case(text),
            Self::Camel => camel_case(text),
        }
    }

    /// Returns whether rustc accepts the identifier without a warning about its case.
    fn accepts(self, ident: &str) -> bool {
        let core = ident.trim_matches('_');
        match self {
            Self::Snake => !core.contains("__") && !core.contains(|c: char| c.is_ascii_uppercase()),
            Self::Camel => {
                !core.contains('_') && !core.starts_with(|c: char| c.is_ascii_lowercase())
            }
        }
    }
}

/// Returns whether the text is a valid type name in a spec, e.g. `ClusterId`.
pub(crate) fn is_type_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.chars().all(|c| c.is_ascii_alphanumeric())
        && !RESERVED.contains(&text)
}

/// Returns whether the text is a valid group or endpoint name in a spec, e.g. `execute_file`.
pub(crate) fn is_snake_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !text.ends_with('_')
        && !text.contains("__")
}

pub(crate) fn is_identifier(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn snake_case(text: &str) -> Option<String> {
    if !text.is_empty() && text.chars().all(|c| c == '_') {
        return Some(text.to_owned());
    }
    let mut name = String::with_capacity(text.len() + 8);
    for word in words(text)? {
        if !name.is_empty() {
            name.push('_');
        }
        name.push_str(word);
    }
    name.make_ascii_lowercase();
    (!name.is_empty()).then_some(name)
}

fn camel_case(text: &str) -> Option<String> {
    let mut name = String::with_capacity(text.len());
    for word in words(text)? {
        let word = capitalized(word);
        if is_mixed_case(&word) {
            name.push_str(&word);
        } else {
            name.extend(with_lowercase_letters(&word));
        }
    }
    (!name.is_empty()).then_some(name)
}

/// Returns a word whose letters are in lower case, apart from the first one and those after a digit: `1m` and
/// `1M` have different names.
fn with_lowercase_letters(word: &str) -> impl Iterator<Item = char> {
    let mut keeps_case = true;
    word.chars().map(move |letter| {
        let keeps_this = std::mem::replace(&mut keeps_case, letter.is_ascii_digit());
        if keeps_this {
            letter
        } else {
            letter.to_ascii_lowercase()
        }
    })
}

fn capitalized(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_ascii_uppercase() + rest
}

/// Splits a name into words: `isJsonSchema` has three, `HTTPCode` has two.
///
/// Returns `None` if a letter is not ASCII: there is no conventional transliteration, so the spec has
/// to set the name with `rust`.
fn words(text: &str) -> Option<impl Iterator<Item = &str>> {
    if has_foreign_letters(text) {
        return None;
    }
    let parts = text.split(|c: char| !c.is_ascii_alphanumeric());
    Some(parts.flat_map(humps))
}

/// Returns whether a letter or a digit is not ASCII.
fn has_foreign_letters(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(|c| !c.is_ascii() && c.is_alphanumeric())
}

/// Identifiers that Rust does not allow as names, not even with `r#`.
const RESERVED: [&str; 5] = ["self", "Self", "super", "crate", "_"];

/// Strict and reserved keywords of all editions up to 2024, in alphabetical order.
const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn snake(wire: &str, expected: &str) {
        assert_eq!(
            RustName::snake(wire).as_ref().map(RustName::as_str),
            Some(expected)
        );
    }

    #[track_caller]
    fn camel(wire: &str, expected: &str) {
        assert_eq!(
            RustName::camel(wire).as_ref().map(RustName::as_str),
            Some(expected)
        );
    }

    #[test]
    fn keywords_are_in_alphabetical_order() {
        assert!(KEYWORDS.is_sorted());
    }

    #[test]
    fn keywords_become_raw_identifiers() {
        for keyword in KEYWORDS {
            let name = RustName::snake(keyword).expect("a name");
            assert_eq!(name.as_str(), format!("r#{keyword}"));
        }
    }

    #[test]
    fn fields_become_snake_case() {
        snake("clusterId", "cluster_id");
        snake("isJsonSchema", "is_json_schema");
        snake("isJSONSchema", "is_json_schema");
        snake("HTTPCode", "http_code");
        snake("X-Request-Id", "x_request_id");
        snake("sha256Sum", "sha256_sum");
        snake("utf8", "utf8");
        snake("a.b/c d", "a_b_c_d");
        snake("_id", "id");
        snake("$top", "top");
        snake("STATE", "state");
        snake("reservedIPv6", "reserved_ipv6");
        snake("clientIDs", "client_ids");
        snake("OAuth2Token", "oauth2_token");
        snake("ETag", "etag");
        snake("iOSVersion", "ios_version");
        snake("2FA", "_2fa");
    }

    #[test]
    fn values_become_upper_camel_case() {
        camel("python", "Python");
        camel("r", "R");
        camel("TEXT_RESULT", "TextResult");
        camel("in-progress", "InProgress");
        camel("inProgress", "InProgress");
        camel("HTTPCode", "HttpCode");
        camel("2xx", "_2xx");
        camel("2XX", "_2Xx");
        camel("1m", "_1m");
        camel("1M", "_1M");
        camel("P2P", "P2P");
        camel("IPv6", "Ipv6");
        camel("URLs", "Urls");
        camel("OAuth2", "OAuth2");
        camel("oAuthToken", "OAuthToken");
        camel("iOS", "Ios");
    }

    #[test]
    fn names_with_the_case_of_the_wire_name_differ_by_case() {
        for (wire, expected) in [
            ("1M", "_1M"),
            ("1m", "_1m"),
            ("MONTH", "MONTH"),
            ("a-bC", "ABC"),
        ] {
            let name = RustName::camel_with_case(wire).unwrap();
            assert_eq!(name.as_str(), expected);
            assert!(RustName::parse(name.as_str(), Case::Camel).is_ok());
        }
        assert_eq!(RustName::camel_with_case("é"), None);
        assert_eq!(RustName::camel_with_case("-"), None);
    }

    #[test]
    fn digits_and_keywords_are_escaped() {
        snake("2fa", "_2fa");
        snake("type", "r#type");
        snake("yield", "r#yield");
        snake("self", "self_");
        snake("super", "super_");
        snake("crate", "crate_");
        snake("_", "__");
        camel("self", "Self_");
    }

    #[test]
    fn names_without_ascii_letters_have_no_rust_name() {
        for wire in ["", "-", "$", "größe", "名前", " "] {
            assert_eq!(RustName::snake(wire), None, "{wire}");
            assert_eq!(RustName::camel(wire), None, "{wire}");
        }
    }

    #[test]
    fn overrides_are_identifiers_in_the_right_case() {
        let parse = |text| RustName::parse(text, Case::Snake);
        assert_eq!(parse("kind").unwrap().as_str(), "kind");
        assert_eq!(parse("type").unwrap().as_str(), "r#type");
        assert_eq!(parse("r#type").unwrap().as_str(), "r#type");
        assert_eq!(parse("new_").unwrap().as_str(), "new_");
        assert_eq!(parse("r#self"), Err(NameError::Reserved));
        assert_eq!(parse("_"), Err(NameError::Reserved));
        assert_eq!(parse(""), Err(NameError::NotIdentifier));
        assert_eq!(parse("a-b"), Err(NameError::NotIdentifier));
        assert_eq!(parse("1a"), Err(NameError::NotIdentifier));
        assert_eq!(parse("größe"), Err(NameError::NotIdentifier));
        assert_eq!(parse("fooBar"), Err(NameError::WrongCase));
        assert_eq!(
            RustName::parse("foo", Case::Camel),
            Err(NameError::WrongCase)
        );
        assert_eq!(
            RustName::parse("HTTP", Case::Camel).unwrap().as_str(),
            "HTTP"
        );
    }

    #[test]
    fn derived_names_are_valid_overrides() {
        for wire in ["clusterId", "type", "self", "2fa", "_", "X-Request-Id"] {
            let snake = RustName::snake(wire).unwrap();
            assert_eq!(RustName::parse(snake.as_str(), Case::Snake), Ok(snake));
        }
    }

    #[test]
    fn type_and_snake_names_are_recognized() {
        assert!(is_type_name("ClusterId") && is_type_name("R") && is_type_name("V2"));
        assert!(!is_type_name("clusterId") && !is_type_name("Cluster_Id") && !is_type_name("Self"));
        assert!(is_snake_name("execute_file") && is_snake_name("type"));
        assert!(!is_snake_name("executeFile") && !is_snake_name("a__b") && !is_snake_name("2a"));
    }
}
