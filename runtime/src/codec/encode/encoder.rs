//! Encoder of fields and values, and the trait of the values.

use super::error::EncodeError;
use super::secrets::Secrets;
use super::syntax::Syntax;
use super::{form, json};
use crate::codec::secret::Secret;
use crate::codec::upload::Upload;
use crate::error::Error;
use crate::operation::{FieldStyle, Size, Unit, Violation};

/// A value that can be sent. Generated types implement it.
///
/// # Examples
///
/// ```
/// use api_runtime::codec::{Encode, Encoder};
///
/// /// A color, sent as `#rrggbb`.
/// struct Color(u32);
///
/// impl Encode for Color {
///     fn encode(&self, encoder: &mut Encoder) {
///         encoder.string(&format!("#{:06x}", self.0));
///     }
/// }
/// ```
pub trait Encode {
    /// Writes the value.
    fn encode(&self, encoder: &mut Encoder);

    /// Returns the shape of the value, which determines how a field with this value is written.
    fn shape(&self) -> Shape<'_> {
        Shape::Value
    }
}

/// Shape of a value: its size, its items, or the file that it is.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Shape<'a> {
    /// A value without a size, for example a boolean.
    Value,
    /// A number. Bounds of the field apply to the number itself.
    Number(Size),
    /// A string. Bounds of the field apply to the number of its characters.
    Text(&'a str),
    /// An object, or an array of type `json`, with this number of members, to which bounds of the
    /// field apply.
    Members(usize),
    /// A list. In query strings, headers, forms and multipart bodies it is written as one field per
    /// item. Bounds of the field apply to the number of items.
    List(&'a dyn List),
    /// A list that is written as one text, with this number of items, to which bounds of the field
    /// apply. The field of an empty list is omitted.
    Joined(usize),
    /// A value that is spread over several fields, except in JSON.
    Nested(&'a dyn Encode, FieldStyle<'static>),
    /// A part of a multipart body with a media type, or several parts for a list.
    Part(&'a dyn Encode, &'a str),
    /// A file, which is streamed as a part of a multipart body or as the whole body.
    Upload(&'a Upload),
    /// No value. The field is omitted.
    Absent,
    /// No value, although requests must have one.
    Missing,
    /// A value of a field of responses. The field is omitted in requests.
    Received(&'a dyn Encode),
    /// A value that violates the bounds of its field, so that the request is not sent.
    OutOfBounds(Violation),
}

impl Shape<'_> {
    /// Returns the size to which the bounds of a field apply.
    pub(super) fn size(&self) -> Option<Size> {
        match self {
            Self::Number(size) => Some(*size),
            Self::Text(text) => Some(Size::of_count(text.chars().count())),
            Self::Members(count) | Self::Joined(count) => Some(Size::of_count(*count)),
            Self::List(list) => Some(Size::of_count(list.count())),
            Self::Nested(value, _) | Self::Part(value, _) | Self::Received(value) => {
                value.shape().size()
            }
            Self::Value | Self::Upload(_) | Self::Absent | Self::Missing | Self::OutOfBounds(_) => {
                None
            }
        }
    }

    /// Returns the unit of the size.
    pub(super) fn unit(&self) -> Unit {
        match self {
            Self::Text(_) => Unit::Characters,
            Self::Members(_) | Self::Joined(_) | Self::List(_) => Unit::Items,
            Self::Nested(value, _) | Self::Part(value, _) | Self::Received(value) => {
                value.shape().unit()
            }
            _ => Unit::None,
        }
    }
}

/// Items of a list whose type is erased.
pub trait List {
    /// Returns the number of items.
    fn count(&self) -> usize;

    /// Returns the item at an index, or `None` beyond the end.
    fn item(&self, index: usize) -> Option<&dyn Encode>;
}

impl dyn List + '_ {
    pub(super) fn items(&self) -> impl Iterator<Item = &dyn Encode> {
        (0..self.count()).filter_map(|index| self.item(index))
    }
}

/// Writer of fields and values in the syntax of one part of a request.
pub struct Encoder {
    pub(super) syntax: Syntax,
    pub(super) text: Vec<u8>,
    /// The first error. Later fields are still written, but the result is discarded.
    error: Option<EncodeError>,
    pub(super) secrets: Secrets,
    /// Set for the representation in serde, which has the fields of both directions.
    writes_all_fields: bool,
    /// Name of the field with the idempotency key, until the request writes this field.
    pending_key: Option<String>,
}

impl Encoder {
    pub(super) fn new(syntax: Syntax) -> Self {
        Self::append_to(Vec::new(), syntax)
    }

    /// Creates an encoder that writes behind `text`.
    pub(super) fn append_to(text: Vec<u8>, syntax: Syntax) -> Self {
        Self {
            syntax,
            text,
            error: None,
            secrets: Secrets::Write,
            writes_all_fields: false,
            pending_key: None,
        }
    }

    /// Sets the treatment of the secrets that follow.
    pub(super) fn set_secrets(&mut self, secrets: Secrets) {
        self.secrets = secrets;
    }

    /// Writes the fields of responses as well, and does not require those of requests.
    pub(super) fn write_all_fields(&mut self) {
        self.writes_all_fields = true;
    }

    /// Returns the collected secrets. The text and errors are discarded.
    pub(super) fn into_secrets(self) -> Vec<Secret> {
        match self.secrets {
            Secrets::Collect(secrets) => secrets,
            Secrets::Write | Secrets::Redact => Vec::new(),
        }
    }

    /// Sets the name of the field with the idempotency key, before the fields of the request.
    pub(super) fn set_pending_key(&mut self, name: Option<&str>) {
        self.pending_key = name.map(str::to_owned);
    }

    /// Returns the name of the field with the idempotency key, unless the request wrote this field.
    pub(super) fn take_pending_key(&mut self) -> Option<String> {
        self.pending_key.take()
    }

    /// Returns the text that was written.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if a value could not be written.
    pub(super) fn finish(self) -> Result<Vec<u8>, Error> {
        self.finish_syntax().map(|(_, text)| text)
    }

    /// Returns the state of the syntax and the text that was written.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if a value could not be written.
    pub(super) fn finish_syntax(self) -> Result<(Syntax, Vec<u8>), Error> {
        match self.error {
            None => Ok((self.syntax, self.text)),
            Some(error) => Err(error.into()),
        }
    }

    /// Writes the rest of a path behind its last parameter.
    pub(super) fn end_path(&mut self) {
        if let Syntax::Path(template) = &mut self.syntax {
            let result = template.finish(&mut self.text);
            self.check(result);
        }
    }

    /// Writes a field of the part of the request or of the object that was begun. A field whose
    /// value is absent is omitted.
    pub fn field(&mut self, name: &str, value: &dyn Encode) {
        let has_failed = self.error.is_some();
        let shape = value.shape();
        match shape {
            Shape::Received(value) if self.writes_all_fields => return self.field(name, value),
            Shape::Absent | Shape::Joined(0) | Shape::Received(_) => return,
            Shape::Missing if self.writes_all_fields => return,
            Shape::Missing => self.fail_value("set: requests require it".to_owned()),
            Shape::List(list) if !self.has_lists() => {
                for item in list.items() {
                    self.field(name, item);
                }
                return;
            }
            Shape::OutOfBounds(violation) => self.fail_value(violation.to_string()),
            _ => {}
        }
        // A field of this name inside the value is not the idempotency key, so that no key is
        // pending while the value is written.
        let pending_key = self.pending_key.take().filter(|key| key != name);
        match shape {
            Shape::Nested(value, style) if !self.has_lists() => self.nested(name, value, style),
            _ => self.present(name, value, shape),
        }
        self.pending_key = pending_key;
        if let Some(error) = self.error.as_mut().filter(|_| !has_failed) {
            error.add_field(name);
        }
    }

    /// Returns whether a list is a single value instead of one field per item.
    fn has_lists(&self) -> bool {
        matches!(
            self.syntax,
            Syntax::Json | Syntax::JsonValue | Syntax::Nested(_)
        )
    }

    /// Writes a field whose value is present, and possibly a file.
    pub(super) fn present(&mut self, name: &str, value: &dyn Encode, shape: Shape<'_>) {
        match &mut self.syntax {
            Syntax::Json => {
                json::begin_member(&mut self.text, name);
                value.encode(self);
            }
            Syntax::JsonValue => {
                // From here on the encoder writes plain JSON.
                self.syntax = Syntax::Json;
                value.encode(self);
            }
            Syntax::Form(separator) => {
                form::begin_pair(&mut self.text, separator, name);
                value.encode(self);
            }
            Syntax::Path(template) => {
                let begun = template.begin_parameter(&mut self.text, name);
                self.check(begun);
                let start = self.text.len();
                value.encode(self);
                if self.text.len() == start {
                    self.fail(format!("the path parameter `{name}` is empty"));
                }
            }
            Syntax::Headers(_) => self.header(name, value),
            Syntax::RawBody(body) => {
                if let Shape::Upload(upload) = shape {
                    body.open(upload);
                }
            }
            Syntax::Multipart(_) | Syntax::Preview(_) => self.part(name, value, shape, None),
            Syntax::Nested(_) => self.nested_member(name, value),
        }
    }

    fn header(&mut self, name: &str, value: &dyn Encode) {
        self.text.clear();
        value.encode(self);
        if let Syntax::Headers(headers) = &mut self.syntax {
            let appended = headers.append(name, &self.text);
            self.check(appended);
        }
    }

    /// Writes several fields in order.
    pub fn fields(&mut self, names: &[&str], values: &[&dyn Encode]) {
        for (name, value) in names.iter().zip(values) {
            self.field(name, *value);
        }
    }

    /// Begins an object. Its members are written with [`field`](Self::field).
    pub fn begin_object(&mut self) {
        if !self.is_nested() {
            self.text.push(b'{');
        }
    }

    /// Ends an object.
    pub fn end_object(&mut self) {
        if !self.is_nested() {
            self.text.push(b'}');
        }
    }

    pub(super) fn begin_list(&mut self) {
        match &mut self.syntax {
            Syntax::Nested(nested) => nested.name.begin_list(),
            _ => self.text.push(b'['),
        }
    }

    /// Writes the comma in front of an item of a list, except for the first one.
    pub(super) fn begin_item(&mut self) {
        match &mut self.syntax {
            Syntax::Nested(nested) => nested.name.begin_item(),
            _ => json::separate(&mut self.text),
        }
    }

    pub(super) fn end_list(&mut self) {
        match &mut self.syntax {
            Syntax::Nested(nested) => nested.name.end_list(),
            _ => self.text.push(b']'),
        }
    }

    pub(super) fn check(&mut self, result: Result<(), String>) {
        if let Err(error) = result {
            self.fail(error);
        }
    }

    /// Records that a value does not meet a requirement. The error names the field.
    #[cold]
    pub(super) fn fail_value(&mut self, requirement: String) {
        self.error.get_or_insert(EncodeError::Value {
            path: String::new(),
            requirement,
        });
    }

    /// Records an error. Only the first one is reported.
    #[cold]
    pub(super) fn fail(&mut self, error: String) {
        self.error.get_or_insert(EncodeError::Message(error));
    }
}
