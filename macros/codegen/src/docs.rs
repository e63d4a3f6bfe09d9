//! Doc comments of generated items.

mod examples;
mod markdown;

use std::rc::Rc;

use api_spec::model::{
    Api, Auth, Case, Cases, Credential, CredentialLocation, Direction, Endpoint, Field, Group,
    KindVariant, Pages, Pagination, Response, Retry, Status, StatusType, Type, Waiter,
};
use api_spec::names::RustName;
use api_spec::{Source, Span};
use proc_macro2::TokenStream;

use self::examples::Examples;
use self::markdown::{code, paragraphs};
use crate::analysis::index::Index;
use crate::form::Form;

/// Emits doc comments. They refer to lines of one source.
pub(crate) struct Docs<'a> {
    source: &'a Source,
    index: Rc<Index<'a>>,
    examples: Examples<'a>,
    form: Form,
}

impl<'a> Docs<'a> {
    pub(crate) fn new(
        source: &'a Source,
        api: &'a Api,
        index: Rc<Index<'a>>,
        runtime: &TokenStream,
        form: Form,
    ) -> Self {
        Self {
            source,
            examples: Examples::new(api, Rc::clone(&index), runtime),
            index,
            form,
        }
    }

    /// Emits a text without additions.
    pub(crate) fn text(&self, text: &str) -> TokenStream {
        markdown::attributes(text, self.form)
    }

    /// Emits paragraphs and an example.
    fn with_example(&self, text: &[&str], example: &str) -> TokenStream {
        markdown::with_example(&paragraphs(text), example, self.form)
    }

    /// Emits the doc of an id, an enum, a struct or a union.
    pub(crate) fn item(&self, doc: &str, span: Span) -> TokenStream {
        self.text(&paragraphs(&[doc, &self.position(span)]))
    }

    pub(crate) fn group(&self, group: &Group) -> TokenStream {
        if group.doc.is_empty() {
            self.text(&format!("Endpoints of the group `{}`.", group.key))
        } else {
            self.text(&group.doc)
        }
    }

    pub(crate) fn request(&self, endpoint: &Endpoint) -> TokenStream {
        let (function, http) = (endpoint.rust.unraw(), http_line(endpoint));
        self.text(&format!("Request of [`{function}`]: {http}."))
    }

    pub(crate) fn response(&self, endpoint: &Endpoint) -> TokenStream {
        let function = endpoint.rust.unraw();
        self.text(&format!("Response of [`{function}`]."))
    }

    /// Emits the doc of a variant of an enum of responses.
    pub(crate) fn case(&self, case: &Case) -> TokenStream {
        self.text(&format!("Response with the status code {}.", case.status))
    }

    /// Emits the doc of the struct in such a variant.
    pub(crate) fn case_struct(&self, cases: &Cases, case: &Case) -> TokenStream {
        let (name, variant) = (cases.name.unraw(), case.variant.unraw());
        let parts = match (&case.response, &case.headers) {
            (_, None) => "Body",
            (Response::Nothing, Some(_)) => "Headers",
            (_, Some(_)) => "Body and headers",
        };
        self.text(&format!("{parts} of [`{name}::{variant}`]."))
    }

    /// Emits the doc of the struct of an event.
    pub(crate) fn event(&self, endpoint: &Endpoint) -> TokenStream {
        let function = endpoint.rust.unraw();
        self.text(&format!("Item of the response of [`{function}`]."))
    }

    pub(crate) fn call(&self, group: &Group, endpoint: &Endpoint) -> TokenStream {
        let timeout = endpoint.timeout.map(|millis| {
            let time = std::time::Duration::from_millis(millis);
            format!("Timeout: {time:?}, unless the client sets one.")
        });
        let credentials = endpoint.auth.as_ref().map(credentials);
        let details = endpoint.error.as_ref().map(|error| {
            format!("`Error::details` decodes the body of an error response as `{error}`.")
        });
        let text = [
            &endpoint.doc,
            &*format!("{}\n{}", wire_line(endpoint), self.position(endpoint.span)),
            &timeout.unwrap_or_default(),
            &credentials.unwrap_or_default(),
            "# Errors\n\nReturns an error if the request fails or the response does not match the \
             spec.",
            &details.unwrap_or_default(),
        ];
        self.with_example(&text, &self.examples.call(group, endpoint))
    }

    pub(crate) fn pages(&self, group: &Group, endpoint: &Endpoint, pages: &Pages) -> TokenStream {
        let name = endpoint.rust.unraw();
        let loops = match pages.pagination {
            Pagination::Url { .. } => {
                "that refers to itself or\nto another server as the next page"
            }
            _ => "that refers to itself as\nthe next page",
        };
        let text = [
            &*format!(
                "Returns an iterator over the items of all pages of [`{name}`]. Pages are requested \
                 as they are needed."
            ),
            &*page_fields(pages),
            &format!(
                "# Errors\n\nThe iterator ends after the first error: one of [`{name}`], or a page {loops}."
            ),
        ];
        self.with_example(&text, &self.examples.pages(group, endpoint, pages))
    }

    pub(crate) fn wait(&self, group: &Group, endpoint: &Endpoint, waiter: &Waiter) -> TokenStream {
        let (name, poll) = (endpoint.rust.unraw(), poll_path(waiter));
        let fail = if waiter.fail.is_empty() {
            String::new()
        } else {
            format!(" or {}", one_of(&waiter.fail))
        };
        let text = [
            &*format!(
                "Polls {poll} after [`{name}`]\nuntil {} is {}{fail}.",
                status(waiter),
                one_of(&waiter.until),
            ),
            &self.position(waiter.span),
            &wait_errors(waiter),
        ];
        self.with_example(&text, &self.examples.wait(group, endpoint, waiter))
    }

    pub(crate) fn progress(
        &self,
        group: &Group,
        endpoint: &Endpoint,
        waiter: &Waiter,
    ) -> TokenStream {
        let (name, poll) = (endpoint.rust.unraw(), poll_path(waiter));
        let text = format!("Returns the progress of [`{name}`] according to a response of {poll}.");
        self.with_example(&[&text], &self.examples.progress(group, endpoint, waiter))
    }

    /// Emits the doc of the constant with the base URL.
    pub(crate) fn base_url(&self) -> TokenStream {
        self.text("Base URL of the API.")
    }

    /// Emits the doc of a function that creates a client builder from these arguments.
    pub(crate) fn builder(&self, name: &str, arguments: &[&str], is_fallible: bool) -> TokenStream {
        let (title, errors) = if is_fallible {
            (
                "Returns a client builder with the credentials set.",
                "# Errors\n\nReturns an error if the credentials contain characters that a header \
                 cannot.",
            )
        } else {
            ("Returns a client builder.", "")
        };
        let example = examples::builder(name, arguments, is_fallible);
        self.with_example(&[title, errors], &example)
    }

    pub(crate) fn field(&self, field: &Field) -> TokenStream {
        self.text(&self.field_text(field))
    }

    pub(crate) fn setter(&self, field: &Field) -> TokenStream {
        let text = self.field_text(field);
        self.text(&format!("Sets `{}`. {text}", field.rust.unraw()))
    }

    fn field_text(&self, field: &Field) -> String {
        let (wire, rust) = (field.wire.as_str(), &field.rust);
        let is_known =
            wire == rust.unraw() || RustName::snake(wire).is_some_and(|name| name == *rust);
        let key = (!is_known).then(|| format!("Key: {}.", code(wire)));
        let of_type = self.index.doc(field.ty.required());
        let doc = match (&*field.doc, of_type) {
            ("", "") => format!("The {} field.", code(wire)),
            ("", doc) | (doc, _) => doc.to_owned(),
        };
        let direction = field
            .partial()
            .map(|direction| note_on(direction).to_owned());
        let notes = key.into_iter().chain(direction).chain(limits(field));
        let notes: Vec<_> = notes.collect();
        if notes.is_empty() {
            return doc;
        }
        // A note is part of a short doc, and a paragraph after a long one.
        let separator = if doc.contains('\n') || !doc.ends_with('.') {
            "\n\n"
        } else {
            " "
        };
        format!("{doc}{separator}{}", notes.join(" "))
    }

    /// Emits the doc of an enum value, or of a variant of a union with a tag.
    pub(crate) fn value(&self, doc: &str, wire: &str) -> TokenStream {
        if doc.is_empty() {
            self.text(&format!("The value {}.", code(wire)))
        } else {
            self.text(doc)
        }
    }

    /// Emits the doc of a variant of a union of JSON kinds.
    pub(crate) fn kind(&self, kind: &KindVariant) -> TokenStream {
        match (kind.doc.as_str(), self.index.doc(&kind.ty)) {
            ("", "") => self.text(&format!(
                "A value of the type {}.",
                code(&kind.ty.to_string())
            )),
            ("", doc) | (doc, _) => self.text(doc),
        }
    }

    fn position(&self, span: Span) -> String {
        let line = self.source.position(span.start).line;
        let name = self.source.name_at(span.start);
        let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
        format!("Spec: `{file}:{line}`.")
    }
}

/// Returns a note on the credentials of an endpoint that are not those of the API.
fn credentials(auth: &Auth) -> String {
    let secret = |credential: &Credential| match credential.location() {
        CredentialLocation::Header { name, prefix } => {
            format!(
                "the header {}",
                code(format!("{name}: {prefix}").trim_end_matches([' ', ':']))
            )
        }
        CredentialLocation::Query(name) => format!("the query parameter {}", code(name)),
    };
    let sets: Vec<_> = auth
        .sets
        .iter()
        .map(
            |set| match set.iter().map(secret).collect::<Vec<_>>().as_slice() {
                [] => "none".to_owned(),
                set => set.join(" and "),
            },
        )
        .collect();
    format!("Credentials: {}.", sets.join(", or "))
}

fn http_line(endpoint: &Endpoint) -> String {
    code(&format!("{} {}", endpoint.method.as_str(), endpoint.path))
}

fn wire_line(endpoint: &Endpoint) -> String {
    let http = http_line(endpoint);
    if let Some(key) = &endpoint.idempotency_key {
        return format!(
            "{http}. Retried after transient errors: `{}` identifies the request. An absent key is \
             set to\na unique value.",
            key.rust.unraw()
        );
    }
    let retry = match endpoint.retry {
        Retry::Safe => "Safe: retried after transient errors.",
        Retry::Idempotent => "Idempotent: retried after transient errors.",
        Retry::Never => "Not retried if the server may have processed it.",
    };
    format!("{http}. {retry}")
}

/// Returns the function that a waiter polls, for prose.
fn poll_path(waiter: &Waiter) -> String {
    format!("`{}::{}`", waiter.group.unraw(), waiter.poll.unraw())
}

fn wait_errors(waiter: &Waiter) -> String {
    let poll = poll_path(waiter);
    let kinds = if waiter.fail.is_empty() {
        "`WaitTimeout` and `Interrupted`".to_owned()
    } else {
        let fail = one_of(&waiter.fail);
        let status = status(waiter);
        format!("`WaitFailed` ({status} is {fail}), `WaitTimeout` and `Interrupted`")
    };
    format!("# Errors\n\nReturns the errors of {poll}, and errors of the kinds\n{kinds}.")
}

/// Returns the status of a waiter, for prose.
fn status(waiter: &Waiter) -> String {
    if waiter.field.is_nested() || waiter.status == StatusType::Bool {
        code(&waiter.field.to_string())
    } else {
        "the status".to_owned()
    }
}

/// Returns the fields of a paginated response that are fields of other ones, for prose.
fn page_fields(pages: &Pages) -> String {
    let (next, value) = match &pages.pagination {
        Pagination::Token { next, .. } => (Some(next), "the token of the next page"),
        Pagination::Url { url } => (Some(url), "the URL of the next page"),
        _ => (None, ""),
    };
    let flag = pages.flag.as_ref();
    let on_last_page = match flag {
        Some(flag) if flag.on_last_page => "`true` on the last page",
        _ => "`false` on the last page",
    };
    let fields = [
        (Some(&pages.items), "the list of items"),
        (next, value),
        (flag.map(|flag| &flag.field), on_last_page),
    ];
    let nested = fields.into_iter().filter_map(|(path, role)| {
        let path = path.filter(|path| path.steps.len() > 1)?;
        Some(format!("`{path}` is {role}."))
    });
    nested.collect::<Vec<_>>().join(" ")
}

fn one_of(values: &[Status]) -> String {
    let names: Vec<_> = values.iter().map(|value| format!("`{value}`")).collect();
    match names.as_slice() {
        [names @ .., last] if !names.is_empty() => format!("{} or {last}", names.join(", ")),
        names => names.concat(),
    }
}

/// Returns the note on a field that values in the other direction lack.
const fn note_on(direction: Direction) -> &'static str {
    match direction {
        Direction::Request => "In requests only.",
        Direction::Response => "In responses only.",
    }
}

/// Returns notes on the default and the bounds of a field.
fn limits(field: &Field) -> Vec<String> {
    let default = field.default.as_ref().map(ToString::to_string);
    let default = default.map(|text| format!("Default: {}.", code(&text)));
    let unit = match field.ty.required() {
        Type::String => " characters",
        Type::List(_) | Type::Map(_) => " items",
        _ => "",
    };
    let (min, max) = (&field.bounds.min, &field.bounds.max);
    let (min, max) = (
        min.as_ref().map(ToString::to_string),
        max.as_ref().map(ToString::to_string),
    );
    let bounds = match (min, max) {
        (Some(min), Some(max)) => Some(format!("From {min} to {max}{unit}.")),
        (Some(min), None) => Some(format!("At least {min}{unit}.")),
        (None, Some(max)) => Some(format!("At most {max}{unit}.")),
        (None, None) => None,
    };
    default.into_iter().chain(bounds).collect()
}
