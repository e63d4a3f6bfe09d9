//! Waiters: each is compared with the endpoint it polls and the status it watches.

use std::collections::{HashMap, HashSet};

use crate::check::MOST_LABELS;
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, shown};
use crate::lower::{Draft, Item, module_name};
use crate::model::{self, Binding, Endpoint, Field, Response, Struct, Type, Waiter};
use crate::names::RustName;
use crate::raw::{self, Text, Words};
use crate::suggest::nearest;

/// Adds its waiter to every endpoint that describes a sound one.
pub(crate) fn lower_waiters(draft: &mut Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut lowerer = Lowerer {
        index: Index::new(draft),
        draft,
        diagnostics,
    };
    let waiters: Vec<Option<Waiter>> = (0..lowerer.draft.calls.len())
        .map(|call| lowerer.lower_wait(call))
        .collect();
    for (call, waiter) in draft.calls.iter_mut().zip(waiters) {
        call.model.wait = waiter;
    }
}

/// Where things are found by name.
struct Index<'r> {
    calls: HashMap<(&'r str, &'r str), usize>,
    types: HashMap<&'r str, usize>,
}

impl<'r> Index<'r> {
    fn new(draft: &Draft<'r>) -> Self {
        let mut index = Self {
            calls: HashMap::new(),
            types: HashMap::new(),
        };
        for (place, call) in draft.calls.iter().enumerate() {
            let raw: &'r raw::Endpoint = call.raw;
            index
                .calls
                .entry((raw.group.as_str(), raw.key.as_str()))
                .or_insert(place);
        }
        for (place, declared) in draft.types.iter().enumerate() {
            let name: &'r Text = declared.name;
            index.types.entry(name.as_str()).or_insert(place);
        }
        index
    }
}

struct Lowerer<'a, 'r> {
    index: Index<'r>,
    draft: &'a Draft<'r>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

/// The status a waiter watches.
struct Status<'a> {
    field: RustName,
    optional: bool,
    enumeration: &'a model::Enum,
    raw: &'a raw::Enum,
    faulty: bool,
}

impl<'a> Lowerer<'a, '_> {
    fn lower_wait(&mut self, call: usize) -> Option<Waiter> {
        let draft = self.draft;
        let call = &draft.calls[call];
        let wait = call.raw.wait.as_ref()?;
        let before = self.diagnostics.len();
        self.check_until(wait);
        let poll = self.find_poll(call.raw, wait)?;
        let poll = &draft.calls[poll];
        // What is wrong with the poll has been said where it is described.
        if poll.faulty {
            return None;
        }
        let answer = self.find_answer(wait, &poll.model)?;
        let bind = if call.faulty {
            None
        } else {
            wait.bind
                .as_ref()
                .map(|bind| self.lower_bind(bind, &call.model, &poll.model))
        };
        let status = self.find_status(wait, &answer.fields);
        let classes = status
            .as_ref()
            .filter(|status| !status.faulty)
            .map(|status| Classes::read(wait, status, self.diagnostics));
        if wait.faulty || self.diagnostics.len() > before {
            return None;
        }
        let (status, classes) = (status?, classes?);
        Some(Waiter {
            function: call.model.rust.waiter(),
            progress: call.model.rust.progress(),
            group: module_name(&poll.raw.group),
            poll: poll.model.rust.clone(),
            request: poll.model.request.clone(),
            response: answer.name.clone(),
            declared: matches!(poll.model.response, Response::Value(_)),
            bind: bind?,
            field: status.field,
            optional: status.optional,
            status: status.enumeration.name.clone(),
            until: classes.until,
            fail: classes.fail,
            pending: classes.pending,
            span: wait.span,
        })
    }

    fn check_until(&mut self, wait: &raw::Wait) {
        let Some(until) = wait.until.as_ref().filter(|until| until.words.is_empty()) else {
            return;
        };
        if wait.faulty {
            return;
        }
        let message = "a waiter needs a value to wait for";
        self.diagnostics.push(
            Diagnostic::new(
                Code::EmptyUntil,
                message,
                until.span,
                "nothing is waited for",
            )
            .help("list the values that end the wait well: `until = [\"done\"]`"),
        );
    }

    fn find_poll(&mut self, own: &raw::Endpoint, wait: &raw::Wait) -> Option<usize> {
        let text = wait.poll.as_ref()?;
        let (group, name) = text.value.split_once('.').unwrap_or(("", &text.value));
        if let Some(&call) = self.index.calls.get(&(group, name)) {
            return Some(call);
        }
        let at = text.inside();
        let names: Vec<String> = self
            .draft
            .calls
            .iter()
            .map(|call| format!("{}.{}", call.raw.group.value, call.raw.key.value))
            .collect();
        let local = format!("{}.{}", own.group.value, text.value);
        let meant = names
            .iter()
            .find(|name| **name == local)
            .map(String::as_str);
        let meant = meant.or_else(|| {
            nearest(
                self.diagnostics.len(),
                &text.value,
                names.iter().map(String::as_str),
            )
        });
        let message = format!("no endpoint `{}` to poll", shown(&text.value));
        self.diagnostics.push(
            Diagnostic::new(Code::UnknownPoll, message, at, "not described in this file")
                .did_you_mean(at, meant)
                .help("say the group and the endpoint, as in `poll = \"jobs.get\"`"),
        );
        None
    }

    /// The struct that a poll answers with: one of its own, or a declared one.
    fn find_answer(&mut self, wait: &raw::Wait, poll: &'a Endpoint) -> Option<&'a Struct> {
        if let Response::Object(answer) = &poll.response {
            return Some(answer);
        }
        if let (Response::Value(Type::Struct(name)), None) =
            (&poll.response, &poll.response_headers)
        {
            let declared = &self.draft.types[*self.index.types.get(name.unraw())?];
            // What is wrong with it has been said where it is declared.
            return match &declared.item {
                Item::Struct(answer) if !declared.faulty => Some(answer),
                _ => None,
            };
        }
        let text = wait.poll.as_ref()?;
        let message = format!("endpoint `{}` cannot be polled", shown(&text.value));
        let label = "its response has no fields";
        self.diagnostics.push(
            Diagnostic::new(Code::UnknownPoll, message, text.inside(), label)
                .label(poll.span, "described here")
                .help(
                    "describe the response of the poll as a table, `response = { status = \"…\" }`, or \
                     let it be a struct of `[structs.…]`",
                ),
        );
        None
    }

    fn find_status(&mut self, wait: &raw::Wait, fields: &'a [Field]) -> Option<Status<'a>> {
        let text = wait.field.as_ref()?;
        let Some(field) = fields
            .iter()
            .find(|field| field.wire.as_str() == text.value)
        else {
            self.unknown_status_field(text, fields);
            return None;
        };
        let (ty, optional) = match &field.ty {
            Type::Optional(ty) => (&**ty, true),
            ty => (ty, false),
        };
        if let Type::Enum(name) = ty {
            let declared = &self.draft.types[*self.index.types.get(name.unraw())?];
            if let Item::Enum(enumeration, raw) = &declared.item {
                let (field, faulty) = (field.rust.clone(), declared.faulty);
                return Some(Status {
                    field,
                    optional,
                    enumeration,
                    raw,
                    faulty,
                });
            }
        }
        let message = format!("field `{}` is not an enumeration", shown(&text.value));
        self.diagnostics.push(
            Diagnostic::new(
                Code::StatusField,
                message,
                text.inside(),
                "cannot be watched",
            )
            .label(field.span, format!("is `{}`", field.ty))
            .help("declare the values of the status under `[enums.…]`, and use that type"),
        );
        None
    }

    fn unknown_status_field(&mut self, text: &Text, fields: &[Field]) {
        let at = text.inside();
        let names: Vec<&str> = fields.iter().map(|field| field.wire.as_str()).collect();
        let meant = nearest(self.diagnostics.len(), &text.value, names.iter().copied());
        let message = format!(
            "the poll does not answer with a field `{}`",
            shown(&text.value)
        );
        let diagnostic = Diagnostic::new(Code::StatusField, message, at, "no such field")
            .did_you_mean(at, meant);
        self.diagnostics
            .push(diagnostic.help(list_of("it answers with", &names)));
    }

    fn lower_bind(&mut self, bind: &raw::Bind, own: &Endpoint, poll: &Endpoint) -> Vec<Binding> {
        let required = |field: &&Field| field.is_required();
        let mut bound = Vec::new();
        let mut missing = Vec::new();
        for field in poll.fields().filter(required) {
            let pair = bind
                .pairs
                .iter()
                .find(|(key, _)| key.value == field.wire.as_str());
            match pair {
                Some((_, source)) => bound.extend(self.lower_source(source, field, own)),
                None => missing.push(field),
            }
        }
        if !missing.is_empty() {
            self.missing_bindings(bind, &missing);
        }
        for (key, _) in &bind.pairs {
            if !poll
                .fields()
                .any(|field| required(&field) && field.wire.as_str() == key.value)
            {
                self.unknown_binding(key, poll);
            }
        }
        bound
    }

    fn missing_bindings(&mut self, bind: &raw::Bind, missing: &[&Field]) {
        let names: Vec<&str> = missing.iter().map(|field| field.wire.as_str()).collect();
        let message = match names.as_slice() {
            [name] => format!("field `{}` of the poll is not bound", shown(name)),
            names => format!("{} fields of the poll are not bound", names.len()),
        };
        let mut diagnostic = Diagnostic::new(
            Code::MissingBinding,
            message,
            bind.span,
            list_of("missing here:", &names),
        );
        for field in missing.iter().take(MOST_LABELS) {
            diagnostic = diagnostic.label(field.span, "required by the poll");
        }
        let name = shown(names[0]);
        self.diagnostics.push(diagnostic.help(format!(
            "say where it comes from: `{name} = \"request.…\"` or `{name} = \"response.…\"`"
        )));
    }

    fn unknown_binding(&mut self, key: &Text, poll: &Endpoint) {
        if let Some(field) = poll.fields().find(|field| field.wire.as_str() == key.value) {
            let message = format!("field `{}` of the poll is optional", shown(&key.value));
            self.diagnostics.push(
                Diagnostic::new(Code::UnknownBinding, message, key.span, "cannot be bound")
                    .label(field.span, "described here")
                    .help("leave it out: only required fields are sent when polling"),
            );
            return;
        }
        let names: Vec<&str> = poll
            .fields()
            .filter(|field| field.is_required())
            .map(|field| field.wire.as_str())
            .collect();
        let meant = nearest(self.diagnostics.len(), &key.value, names.iter().copied());
        let message = format!("the poll has no field `{}`", shown(&key.value));
        self.diagnostics.push(
            Diagnostic::new(Code::UnknownBinding, message, key.span, "no such field")
                .did_you_mean(key.span, meant)
                .help(list_of("it requires", &names)),
        );
    }

    fn lower_source(&mut self, text: &Text, target: &Field, own: &Endpoint) -> Option<Binding> {
        let Some((word, wire)) = text.value.split_once('.') else {
            self.bad_source(text, own);
            return None;
        };
        let (found, make) = match word {
            "request" => (
                own.fields().find(|field| field.wire.as_str() == wire),
                Binding::Request as fn(RustName) -> Binding,
            ),
            "response" => (
                self.response_fields(own)
                    .into_iter()
                    .find(|field| field.wire.as_str() == wire),
                Binding::Response as fn(RustName) -> Binding,
            ),
            _ => {
                self.bad_source(text, own);
                return None;
            }
        };
        let Some(field) = found else {
            self.unknown_source(text, word, wire, own);
            return None;
        };
        if field.ty == target.ty {
            return Some(make(field.rust.clone()));
        }
        self.wrong_source(text, field, target);
        None
    }

    fn response_fields<'f>(&self, own: &'f Endpoint) -> Vec<&'f Field>
    where
        'a: 'f,
    {
        let headed = own.response_headers.as_ref();
        let headers = headed.map_or(&[][..], |headed| &headed.headers);
        let body = match &own.response {
            Response::Object(response) => &response.fields[..],
            Response::Value(Type::Struct(name)) if headed.is_none() => {
                let place = self.index.types.get(name.unraw());
                match place.map(|&place| &self.draft.types[place].item) {
                    Some(Item::Struct(item)) => &item.fields[..],
                    _ => &[],
                }
            }
            _ => &[],
        };
        body.iter().chain(headers).collect()
    }

    /// Something that does not begin with `request.` or `response.`.
    fn bad_source(&mut self, text: &Text, own: &Endpoint) {
        let (word, rest) = match text.value.split_once('.') {
            Some((word, rest)) => (word, Some(rest)),
            None => (text.value.as_str(), None),
        };
        let meant = match rest {
            Some(rest) => nearest(self.diagnostics.len(), word, ["request", "response"])
                .map(|word| format!("{word}.{rest}")),
            None if own.fields().any(|field| field.wire.as_str() == word) => {
                Some(format!("request.{word}"))
            }
            None if self
                .response_fields(own)
                .iter()
                .any(|field| field.wire.as_str() == word) =>
            {
                Some(format!("response.{word}"))
            }
            None => None,
        };
        let at = text.inside();
        let message = format!(
            "`{}` is neither `request.…` nor `response.…`",
            shown(&text.value)
        );
        self.diagnostics.push(
            Diagnostic::new(Code::BindingSource, message, at, "not a field of this call")
                .did_you_mean(at, meant.as_deref())
                .help("a value comes from a field of the request or of the response of this call"),
        );
    }

    fn unknown_source(&mut self, text: &Text, word: &str, wire: &str, own: &Endpoint) {
        let names: Vec<&str> = if word == "request" {
            own.fields().map(|field| field.wire.as_str()).collect()
        } else {
            self.response_fields(own)
                .iter()
                .map(|field| field.wire.as_str())
                .collect()
        };
        let at = text.place(word.len() + 1..text.value.len());
        let exact = at != text.span;
        let meant = nearest(self.diagnostics.len(), wire, names.iter().copied()).filter(|_| exact);
        let message = format!("the {word} of this call has no field `{}`", shown(wire));
        self.diagnostics.push(
            Diagnostic::new(Code::BindingSource, message, at, "no such field")
                .did_you_mean(at, meant)
                .help(list_of(&format!("the {word} has"), &names)),
        );
    }

    fn wrong_source(&mut self, text: &Text, field: &Field, target: &Field) {
        let (is, needed) = (&field.ty, &target.ty);
        let absent = matches!(&field.ty, Type::Optional(inner) if **inner == target.ty);
        let (message, help) = if absent {
            (
                format!(
                    "`{}` may be absent, but the poll needs it",
                    shown(&text.value)
                ),
                "drop its `?` if it is always there; otherwise this call cannot be waited for",
            )
        } else {
            (
                format!(
                    "`{}` is `{is}`, but the poll needs `{needed}`",
                    shown(&text.value)
                ),
                "both fields must have the same type",
            )
        };
        let at = text.inside();
        self.diagnostics.push(
            Diagnostic::new(Code::BindingType, message, at, format!("is `{is}`"))
                .label(field.span, "comes from here")
                .label(target.span, format!("goes here and must be `{needed}`"))
                .help(help),
        );
    }
}

/// The values of a status, by what they mean to a waiter.
#[derive(Default)]
struct Classes {
    until: Vec<RustName>,
    fail: Vec<RustName>,
    pending: Vec<RustName>,
}

impl Classes {
    fn read(wait: &raw::Wait, status: &Status<'_>, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let before = diagnostics.len();
        let values = status.enumeration.values.iter().enumerate();
        let numbers = values
            .map(|(number, value)| (value.wire.as_str(), number))
            .collect();
        let mut reader = ClassReader {
            status,
            numbers,
            places: HashMap::new(),
            diagnostics,
        };
        let classes = Self {
            until: reader.read(wait.until.as_ref()),
            fail: reader.read(wait.fail.as_ref()),
            pending: reader.read(wait.pending.as_ref()),
        };
        // An unknown word may be a missing value misspelt, so one thing after the other.
        let unsure = wait.faulty
            || reader.diagnostics[before..]
                .iter()
                .any(|fault| fault.code == Code::UnknownStatus);
        let seen: HashSet<usize> = reader.places.keys().copied().collect();
        if !unsure {
            check_complete(wait, status, &seen, diagnostics);
        }
        classes
    }
}

struct ClassReader<'c> {
    status: &'c Status<'c>,
    /// The number of each value.
    numbers: HashMap<&'c str, usize>,
    /// Where a value has been classed, by its number.
    places: HashMap<usize, &'c Text>,
    diagnostics: &'c mut Vec<Diagnostic>,
}

impl<'c> ClassReader<'c> {
    fn read(&mut self, words: Option<&'c Words>) -> Vec<RustName> {
        let words = words
            .map(|words| words.words.as_slice())
            .unwrap_or_default();
        words
            .iter()
            .filter_map(|word| self.read_word(word))
            .collect()
    }

    fn read_word(&mut self, word: &'c Text) -> Option<RustName> {
        let Some(&index) = self.numbers.get(word.as_str()) else {
            self.unknown(word);
            return None;
        };
        if let Some(first) = self.places.insert(index, word) {
            let message = format!("value `{}` is classed twice", shown(&word.value));
            self.diagnostics.push(
                Diagnostic::new(Code::StatusTwice, message, word.span, "classed again here")
                    .label(first.span, "first classed here")
                    .help("a value ends the wait well, ends it with an error, or lets it go on"),
            );
        }
        Some(self.status.enumeration.values[index].rust.clone())
    }

    fn unknown(&mut self, word: &Text) {
        let status = self.status;
        let values = &status.enumeration.values;
        let also = values
            .iter()
            .find(|value| value.aliases.contains(&word.value));
        let names: Vec<&str> = values.iter().map(|value| value.wire.as_str()).collect();
        let meant = also
            .map(|value| value.wire.as_str())
            .or_else(|| nearest(self.diagnostics.len(), &word.value, names.iter().copied()));
        let name = &status.enumeration.name;
        let message = format!("`{}` is not a value of `{name}`", shown(&word.value));
        let at = word.inside();
        self.diagnostics.push(
            Diagnostic::new(Code::UnknownStatus, message, at, "no such value")
                .label(status.raw.name.span, format!("`{name}` is declared here"))
                .did_you_mean(at, meant)
                .help(list_of("its values are", &names)),
        );
    }
}

/// Every value of the status is classed.
fn check_complete(
    wait: &raw::Wait,
    status: &Status<'_>,
    seen: &HashSet<usize>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let missing: Vec<&raw::Word> = status
        .raw
        .values
        .iter()
        .enumerate()
        .filter(|(index, _)| !seen.contains(index))
        .map(|(_, word)| word)
        .collect();
    if missing.is_empty() {
        return;
    }
    let names: Vec<&str> = missing.iter().map(|word| word.wire.as_str()).collect();
    let name = &status.enumeration.name;
    let message = match names.as_slice() {
        [one] => format!("value `{}` of `{name}` is not classed", shown(one)),
        names => format!("{} values of `{name}` are not classed", names.len()),
    };
    let mut diagnostic = Diagnostic::new(
        Code::StatusMissing,
        message,
        wait.span,
        list_of("missing here:", &names),
    )
    .label(status.raw.name.span, format!("`{name}` is declared here"));
    for word in missing.iter().take(MOST_LABELS) {
        diagnostic = diagnostic.label(word.wire.span, "not classed");
    }
    diagnostics.push(diagnostic.help("put each value into `until`, `fail` or `pending`"));
}

/// `lead` and the names in code quotes; not all of them where there are many.
fn list_of(lead: &str, names: &[&str]) -> String {
    const MOST: usize = 12;
    let listed: Vec<String> = names
        .iter()
        .take(MOST)
        .map(|name| format!("`{}`", shown(name)))
        .collect();
    match names.len() {
        0 => format!("{lead} nothing"),
        count if count > MOST => {
            format!("{lead} {} and {} more", listed.join(", "), count - MOST)
        }
        _ => format!("{lead} {}", listed.join(", ")),
    }
}
