//! Structure of the tables of a spec: keys and the kinds of their values.

/// A table of the language and its keys.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Table {
    /// The name by which other tables refer to it. The whole file is `document`.
    pub name: &'static str,
    /// The table in messages, with `{}` for its own key: a header such as `` `[enums.{}]` ``, or a
    /// phrase such as ``field `{}` ``.
    pub title: &'static str,
    /// The keys, in the order used in messages.
    pub keys: &'static [Key],
}

impl Table {
    /// Returns the key with this name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// Returns the key that has this name in other formats.
    pub(crate) fn key_with_alias(&self, alias: &str) -> Option<&'static Key> {
        let has_alias = |key: &&Key| key.aliases.iter().any(|it| is_same_word(it, alias));
        self.keys.iter().find(has_alias)
    }

    /// Returns whether it is a whole file.
    pub(crate) fn is_document(&self) -> bool {
        matches!(self.name, "document" | "included")
    }
}

/// Returns whether two names differ only in case, underscores and hyphens.
pub(super) fn is_same_word(one: &str, other: &str) -> bool {
    let letters = |name: &str| {
        let letters: Vec<u8> = name.bytes().filter(|it| !b"_-".contains(it)).collect();
        letters.to_ascii_lowercase()
    };
    letters(one) == letters(other)
}

/// A key of a [`Table`].
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Key {
    /// The name.
    pub name: &'static str,
    /// The documentation.
    pub doc: &'static str,
    /// `true` if the table is invalid without the key.
    pub required: bool,
    /// `true` if the value, a table, must have at least one key.
    pub non_empty: bool,
    /// The key with a value, as shown in help texts.
    pub example: &'static str,
    /// Names of the key in other formats, suggested for unknown keys.
    pub aliases: &'static [&'static str],
    /// The kind of the value.
    pub kind: Kind,
}

impl Key {
    pub(super) const fn required(name: &'static str, kind: Kind) -> Self {
        Self {
            required: true,
            ..Self::optional(name, kind)
        }
    }

    pub(super) const fn optional(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            doc: "",
            required: false,
            non_empty: false,
            example: "",
            aliases: &[],
            kind,
        }
    }

    pub(super) const fn doc(self, doc: &'static str) -> Self {
        Self { doc, ..self }
    }

    pub(super) const fn example(self, example: &'static str) -> Self {
        Self { example, ..self }
    }

    pub(super) const fn aliases(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    pub(super) const fn non_empty(self) -> Self {
        Self {
            non_empty: true,
            ..self
        }
    }
}

/// The kind of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A string.
    String(Format),
    /// A list of strings.
    StringList(Format),
    /// A list of strings and booleans.
    StatusList,
    /// A string, a number or a boolean.
    Scalar,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// A list of values of this kind.
    List(&'static Kind),
    /// A value of the first kind, or a list of values of the second one.
    OrList(&'static Kind, &'static Kind),
    /// A table with fixed keys.
    Table(&'static Table),
    /// A table with arbitrary keys, and the kind of their values.
    Map(KeyFormat, &'static Kind),
    /// A string with this format, or a table of this kind.
    StringOr(Format, &'static Kind),
}

impl Kind {
    /// Returns the kind as a phrase for messages.
    pub(crate) const fn expected(&self) -> &'static str {
        match self {
            Self::String(_) => "a string",
            Self::StringList(_) => "a list of strings",
            Self::StatusList => "a list of strings or booleans",
            Self::Scalar => "a string, a number or a boolean",
            Self::Number => "a number",
            Self::Bool => "`true` or `false`",
            Self::List(_) => "a list",
            Self::OrList(..) => "a string, a table or a list",
            Self::Table(_) | Self::Map(..) => "a table",
            Self::StringOr(..) => "a string or a table",
        }
    }
}

/// The format of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Any string.
    Any,
    /// A non-empty string without control characters.
    Wire,
    /// A method and a path.
    Http,
    /// A path prefix.
    BasePath,
    /// A type, e.g. `[string]?`.
    Type,
    /// One of these strings.
    OneOf(&'static [&'static str]),
}

/// The format of the keys of a [`Kind::Map`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyFormat {
    /// Any string.
    Any,
    /// A name on the wire: a non-empty string without control characters.
    Wire,
    /// `UpperCamelCase`
    UpperCamelCase,
    /// `snake_case`
    SnakeCase,
}
