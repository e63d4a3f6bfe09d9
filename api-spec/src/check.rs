//! What can only be seen by looking at several parts at once. One `check_` a rule; each reports
//! what it finds and marks the part concerned as faulty.

mod keys;

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::codes::Code;
use crate::diagnostic::{Diagnostic, shown};
use crate::lower::{Call, Draft, Item};
use crate::model::{Endpoint, Field, Method, Response, Struct, Type};
use crate::names::RustName;
use crate::raw::{self, Text};
use crate::source::Span;
use crate::suggest::nearest;

/// No message lists more places than this.
pub(crate) const MOST_LABELS: usize = 6;

/// Runs every check.
pub(crate) fn check(draft: &mut Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    check_group_keys(draft.raw, diagnostics);
    check_groups(draft.raw, diagnostics);
    check_words(draft, diagnostics);
    check_tags(draft, diagnostics);
    keys::check(draft, diagnostics);
    check_fields(draft, diagnostics);
    check_setters(draft, diagnostics);
    check_types(draft, diagnostics);
    check_functions(draft, diagnostics);
    check_group_types(draft, diagnostics);
    check_sizes(draft, diagnostics);
}

/// A group is listed once, in whichever file.
fn check_group_keys(raw: &raw::Document, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<&str, &Text> = HashMap::new();
    for key in raw.groups.iter().map(|group| &group.key) {
        let first = *seen.entry(key.as_str()).or_insert(key);
        if std::ptr::eq(first, key) {
            continue;
        }
        let message = format!("group `{}` is listed twice", shown(&key.value));
        diagnostics.push(
            Diagnostic::new(Code::DuplicateKey, message, key.span, "listed again here")
                .label(first.span, "first listed here")
                .help("keep one of the two"),
        );
    }
}

/// A listed group has endpoints.
fn check_groups(raw: &raw::Document, diagnostics: &mut Vec<Diagnostic>) {
    let mut used: Vec<&str> = raw
        .endpoints
        .iter()
        .map(|call| call.group.as_str())
        .collect();
    used.dedup();
    let used: BTreeSet<&str> = used.into_iter().collect();
    let listed: HashSet<&str> = raw.groups.iter().map(|group| group.key.as_str()).collect();
    for group in raw
        .groups
        .iter()
        .filter(|group| !used.contains(group.key.as_str()))
    {
        let name = shown(&group.key.value);
        let others = used.iter().copied().filter(|name| !listed.contains(name));
        let meant = nearest(diagnostics.len(), &group.key.value, others);
        let message = format!("group `{name}` has no endpoints");
        diagnostics.push(
            Diagnostic::new(
                Code::UnusedGroup,
                message,
                group.key.span,
                "listed here for nothing",
            )
            .did_you_mean(group.key.span, meant)
            .help(format!("an endpoint of it would be `[endpoints.{name}.…]`")),
        );
    }
}

/// Words differ between the values of an enumeration, and so do their Rust names.
fn check_words(draft: &mut Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for declared in &mut draft.types {
        let before = diagnostics.len();
        match &declared.item {
            Item::Enum(item, raw) => {
                let words: Vec<_> = raw.values.iter().collect();
                let names: Vec<_> = item.values.iter().map(|value| &value.rust).collect();
                check_word_spelling(&words, diagnostics);
                check_word_names(&words, &names, "value", diagnostics);
            }
            Item::Union(item, raw) => {
                let words: Vec<_> = raw.variants.iter().map(|variant| &variant.word).collect();
                let names: Vec<_> = item.variants.iter().map(|variant| &variant.rust).collect();
                check_word_spelling(&words, diagnostics);
                check_word_names(&words, &names, "variant", diagnostics);
            }
            Item::Id(_) | Item::Struct(_) => {}
        }
        declared.faulty |= diagnostics.len() > before;
    }
}

/// The words of different values differ even when case is ignored, those of one value as written.
fn check_word_spelling(words: &[&raw::Word], diagnostics: &mut Vec<Diagnostic>) {
    let mut spelled: HashMap<(usize, &str), &Text> = HashMap::new();
    let mut read: HashMap<String, (usize, &Text)> = HashMap::new();
    for (index, word) in words.iter().enumerate() {
        for text in std::iter::once(&word.wire).chain(&word.also) {
            let same = *spelled.entry((index, text.as_str())).or_insert(text);
            let (owner, first) = *read
                .entry(text.value.to_lowercase())
                .or_insert((index, text));
            if !std::ptr::eq(same, text) {
                diagnostics.push(diagnose_word(text, same, "list it once"));
            } else if owner != index {
                let help = "words are read without regard to case; let each stand for one value";
                diagnostics.push(diagnose_word(text, first, help));
            }
        }
    }
}

fn diagnose_word(text: &Text, first: &Text, help: &str) -> Diagnostic {
    let message = format!("word `{}` is taken", shown(&text.value));
    Diagnostic::new(Code::WordClash, message, text.span, "the same word again")
        .label(first.span, "first listed here")
        .help(help)
}

fn check_word_names(
    words: &[&raw::Word],
    names: &[&RustName],
    what: &str,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let items = words
        .iter()
        .zip(names)
        .map(|(word, name)| (*name, &word.wire));
    let mut seen: HashMap<&RustName, &Text> = HashMap::new();
    for (name, wire) in items {
        let first = *seen.entry(name).or_insert(wire);
        if std::ptr::eq(first, wire) {
            continue;
        }
        // What is one word apart from its case has been reported as such.
        if first.value.to_lowercase() == wire.value.to_lowercase() {
            continue;
        }
        let message = format!("two {what}s are called `{name}` in Rust");
        diagnostics.push(
            Diagnostic::new(
                Code::VariantClash,
                message,
                wire.span,
                format!("`{name}` again"),
            )
            .label(first.span, format!("becomes `{name}`"))
            .help("give one of them another name with `rust = \"…\"`"),
        );
    }
}

/// No variant has a field of the tag's name.
fn check_tags(draft: &mut Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for declared in &mut draft.types {
        let Item::Union(item, raw) = &declared.item else {
            continue;
        };
        let Some(tag) = &raw.tag else { continue };
        for field in item
            .variants
            .iter()
            .flat_map(|variant| &variant.body.fields)
        {
            if field.wire.as_str() != tag.value {
                continue;
            }
            let message = format!("field `{}` is the tag of its union", shown(&tag.value));
            diagnostics.push(
                Diagnostic::new(Code::TagField, message, field.span, "would be there twice")
                    .label(tag.span, "the tag")
                    .help("leave out the field: the union reads and writes its tag by itself"),
            );
            declared.faulty = true;
        }
    }
}

/// The fields of a struct differ in Rust.
fn check_fields(draft: &mut Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for declared in &mut draft.types {
        match &declared.item {
            Item::Struct(item) => {
                declared.faulty |= check_field_names(item.fields.iter(), diagnostics);
            }
            Item::Union(item, _) => {
                for variant in &item.variants {
                    declared.faulty |= check_field_names(variant.body.fields.iter(), diagnostics);
                }
            }
            Item::Id(_) | Item::Enum(..) => {}
        }
    }
    for call in &mut draft.calls {
        call.faulty |= check_field_names(call.model.fields(), diagnostics);
        let fields = answer_fields(&call.model);
        call.faulty |= check_field_names(fields, diagnostics);
        call.faulty |= check_body_field(&call.model, diagnostics);
        for object in case_objects(&call.model) {
            call.faulty |= check_field_names(object.fields.iter(), diagnostics);
        }
    }
}

/// Whether any two fields are of one name.
fn check_field_names<'f>(
    fields: impl Iterator<Item = &'f Field>,
    diagnostics: &mut Vec<Diagnostic>,
) -> bool {
    let before = diagnostics.len();
    let mut seen: HashMap<&RustName, &Field> = HashMap::new();
    for field in fields {
        let first = *seen.entry(&field.rust).or_insert(field);
        if std::ptr::eq(first, field) {
            continue;
        }
        let name = &field.rust;
        let message = format!("two fields are called `{name}` in Rust");
        diagnostics.push(
            Diagnostic::new(
                Code::FieldClash,
                message,
                field.span,
                format!("`{name}` again"),
            )
            .label(first.span, format!("becomes `{name}`"))
            .help("give one of them another name: `{ type = \"…\", rust = \"…\" }`"),
        );
    }
    diagnostics.len() > before
}

/// The fields of the struct that an endpoint answers with.
fn answer_fields(endpoint: &Endpoint) -> impl Iterator<Item = &Field> {
    let body = match &endpoint.response {
        Response::Object(response) => response.fields.as_slice(),
        _ => &[],
    };
    let headed = endpoint.response_headers.as_ref();
    body.iter()
        .chain(headed.map_or(&[][..], |headed| &headed.headers))
}

/// The structs of answers that are told apart by their status.
fn case_objects(endpoint: &Endpoint) -> impl Iterator<Item = &Struct> {
    let cases = match &endpoint.response {
        Response::ByStatus(cases) => cases.cases.as_slice(),
        _ => &[],
    };
    cases.iter().filter_map(|case| match &case.response {
        Response::Object(object) => Some(object),
        _ => None,
    })
}

/// No header of an answer is called as the body beside it.
fn check_body_field(endpoint: &Endpoint, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let Some(headed) = &endpoint.response_headers else {
        return false;
    };
    let beside = matches!(
        endpoint.response,
        Response::Value(_) | Response::Text | Response::Bytes
    );
    let mut headers = headed.headers.iter();
    let clash = headers.find(|field| beside && field.rust.as_str() == "body");
    if let Some(field) = clash {
        let message = "two fields are called `body` in Rust";
        let label = "the body of the answer is the other";
        diagnostics.push(
            Diagnostic::new(Code::FieldClash, message, field.span, label)
                .help("give it another name: `{ type = \"…\", rust = \"…\" }`"),
        );
    }
    clash.is_some()
}

/// No optional field of a request is called as the function that makes the request.
fn check_setters(draft: &mut Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for call in &mut draft.calls {
        let clash = call
            .model
            .fields()
            .find(|field| is_setter(field) && field.rust.as_str() == "new");
        let Some(field) = clash else { continue };
        let message = "an optional field of a request cannot be called `new` in Rust";
        let request = &call.model.request;
        let label = format!("its setter would clash with `{request}::new`");
        diagnostics.push(
            Diagnostic::new(Code::SetterClash, message, field.span, label)
                .help("give it another name: `{ type = \"…\", rust = \"new_\" }`"),
        );
        call.faulty = true;
    }
}

fn is_setter(field: &Field) -> bool {
    !field.is_required()
}

/// An item of a Rust module, and the part of the draft that makes it.
struct Named {
    name: String,
    span: Span,
    what: String,
    /// Whether `rust =` can rename it.
    renamable: bool,
    owner: usize,
}

/// Reports every item whose name an earlier one has, and returns the owners of those.
fn find_clashes(
    code: Code,
    what: &str,
    mut items: Vec<Named>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<usize> {
    items.sort_by_key(|item| item.span);
    let mut seen: HashMap<&str, &Named> = HashMap::new();
    let mut owners = Vec::new();
    for item in &items {
        let first = *seen.entry(&item.name).or_insert(item);
        if std::ptr::eq(first, item) {
            continue;
        }
        let help = if item.renamable || first.renamable {
            "give one of them another name in Rust with `rust = \"…\"`"
        } else {
            "rename one of them"
        };
        let message = format!("two {what} are called `{}`", item.name);
        diagnostics.push(
            Diagnostic::new(code, message, item.span, item.what.as_str())
                .label(first.span, first.what.as_str())
                .help(help),
        );
        owners.push(item.owner);
    }
    owners
}

/// Declared types and the structs of variants differ in name.
fn check_types(draft: &mut Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut items = Vec::new();
    for (owner, declared) in draft.types.iter().enumerate() {
        let name = declared.name.value.clone();
        let (span, what) = (
            declared.name.span,
            format!("a type `{}` is declared here", shown(&name)),
        );
        items.push(Named {
            name,
            span,
            what,
            renamable: false,
            owner,
        });
        let Item::Union(item, _) = &declared.item else {
            continue;
        };
        for variant in &item.variants {
            let body = &variant.body;
            let what = format!("the struct of this variant is `{}`", body.name);
            let name = body.name.unraw().to_owned();
            items.push(Named {
                name,
                span: body.span,
                what,
                renamable: true,
                owner,
            });
        }
    }
    for owner in find_clashes(Code::TypeClash, "types", items, diagnostics) {
        draft.types[owner].faulty = true;
    }
}

/// The functions of a group differ in name, those of waiters included.
fn check_functions(draft: &mut Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    check_group_items(
        draft,
        Code::FunctionClash,
        "functions",
        diagnostics,
        |call| {
            let name = call.model.rust.to_string();
            let mut items = vec![(format!("its function is `{name}`"), name)];
            if call.raw.pages.is_some() {
                let name = call.model.rust.pager().to_string();
                items.push((format!("its pages are `{name}`"), name));
            }
            if call.raw.wait.is_some() {
                let name = call.model.rust.waiter().to_string();
                items.push((format!("its waiter is `{name}`"), name));
                let name = call.model.rust.progress().to_string();
                items.push((format!("its progress function is `{name}`"), name));
            }
            items
        },
    );
}

/// The request and response structs of a group differ in name. Where functions clash already the
/// structs follow, and so will their names.
fn check_group_types(draft: &mut Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut names: HashSet<(String, String)> = HashSet::new();
    let again: Vec<bool> = draft
        .calls
        .iter()
        .map(|call| !names.insert((call.raw.group.value.clone(), call.model.rust.to_string())))
        .collect();
    let mut again = again.into_iter();
    check_group_items(draft, Code::TypeClash, "structs", diagnostics, |call| {
        if again.next() == Some(true) {
            return Vec::new();
        }
        let name = call.model.request.to_string();
        let mut items = vec![(format!("its request is `{name}`"), name)];
        let own = match (&call.model.response, &call.model.response_headers) {
            (Response::Object(response), _) => Some(&response.name),
            (Response::ByStatus(cases), _) => Some(&cases.name),
            (_, Some(headed)) => Some(&headed.name),
            _ => None,
        };
        if let Some(name) = own {
            let name = name.to_string();
            items.push((format!("its response is `{name}`"), name));
        }
        for object in case_objects(&call.model) {
            let name = object.name.to_string();
            items.push((format!("one of its responses is `{name}`"), name));
        }
        items
    });
}

/// Looks for clashes in each group; `list` gives what an endpoint makes, and its names.
fn check_group_items(
    draft: &mut Draft<'_>,
    code: Code,
    kind: &str,
    diagnostics: &mut Vec<Diagnostic>,
    mut list: impl FnMut(&Call<'_>) -> Vec<(String, String)>,
) {
    let mut groups: HashMap<&str, Vec<Named>> = HashMap::new();
    for (owner, call) in draft.calls.iter().enumerate() {
        let span = call.model.span;
        let named = list(call).into_iter().map(|(what, name)| Named {
            name,
            span,
            what,
            renamable: true,
            owner,
        });
        groups
            .entry(call.raw.group.as_str())
            .or_default()
            .extend(named);
    }
    let mut clashing = Vec::new();
    for items in groups.into_values() {
        clashing.extend(find_clashes(code, kind, items, diagnostics));
    }
    for owner in clashing {
        draft.calls[owner].faulty = true;
    }
}

/// No type holds itself without a list or a map in between.
fn check_sizes(draft: &mut Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let held = held_types(draft);
    let mut walk = Walk {
        held: &held,
        state: vec![State::New; held.len()],
        path: Vec::new(),
    };
    let mut endless = Vec::new();
    for start in 0..held.len() {
        walk.visit(start, |cycle| {
            endless.push(held[cycle[0].0][cycle[0].1].0);
            diagnostics.push(diagnose_cycle(draft, &held, cycle));
        });
    }
    for index in endless {
        draft.types[index].faulty = true;
    }
}

/// For each type, the types it holds by value, and the fields that hold them.
type Held = Vec<Vec<(usize, Span)>>;

fn held_types(draft: &Draft<'_>) -> Held {
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (index, declared) in draft.types.iter().enumerate() {
        places.entry(declared.name.as_str()).or_insert(index);
    }
    let held = |field: &Field| {
        let name = held_name(&field.ty)?;
        Some((*places.get(name.unraw())?, field.span))
    };
    let fields = draft.types.iter().map(|declared| match &declared.item {
        Item::Struct(item) => item.fields.iter().filter_map(held).collect(),
        Item::Union(item, _) => item
            .variants
            .iter()
            .flat_map(|variant| &variant.body.fields)
            .filter_map(held)
            .collect(),
        Item::Id(_) | Item::Enum(..) => Vec::new(),
    });
    fields.collect()
}

fn held_name(ty: &Type) -> Option<&RustName> {
    match ty {
        Type::Struct(name) | Type::Union(name) => Some(name),
        Type::Optional(inner) | Type::Nullable(inner) => held_name(inner),
        _ => None,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    /// On the path at this place.
    Open(usize),
    Done,
}

/// A walk in depth through what holds what; its path is a list, so that no chain is too long.
struct Walk<'h> {
    held: &'h Held,
    state: Vec<State>,
    /// Types, and the number of the field that is followed.
    path: Vec<(usize, usize)>,
}

impl Walk<'_> {
    fn visit(&mut self, start: usize, mut report: impl FnMut(&[(usize, usize)])) {
        if self.state[start] == State::New {
            self.enter(start);
        }
        while let Some(&(node, edge)) = self.path.last() {
            let Some(&(target, _)) = self.held[node].get(edge) else {
                self.leave(node);
                continue;
            };
            match self.state[target] {
                State::New => self.enter(target),
                State::Open(place) => {
                    report(&self.path[place..]);
                    self.advance();
                }
                State::Done => self.advance(),
            }
        }
    }

    fn enter(&mut self, node: usize) {
        self.state[node] = State::Open(self.path.len());
        self.path.push((node, 0));
    }

    fn leave(&mut self, node: usize) {
        self.state[node] = State::Done;
        self.path.pop();
        self.advance();
    }

    fn advance(&mut self) {
        if let Some((_, edge)) = self.path.last_mut() {
            *edge += 1;
        }
    }
}

fn diagnose_cycle(draft: &Draft<'_>, held: &Held, cycle: &[(usize, usize)]) -> Diagnostic {
    let name = |node: usize| shown(&draft.types[node].name.value);
    let label = |&(node, edge): &(usize, usize)| {
        let (target, span) = held[node][edge];
        (span, format!("holds a `{}`", name(target)))
    };
    let first = name(cycle[0].0);
    let message = format!("`{first}` contains itself and has no end");
    let mut labels = cycle.iter().take(MOST_LABELS).map(label);
    let (span, text) = labels
        .next()
        .unwrap_or((draft.types[cycle[0].0].name.span, String::new()));
    let mut diagnostic = Diagnostic::new(Code::InfiniteType, message, span, text);
    for (span, text) in labels {
        diagnostic = diagnostic.label(span, text);
    }
    let last = cycle.last().map_or(0, |&(node, edge)| held[node][edge].0);
    diagnostic.help(format!(
        "hold it in a list, `[{0}]`, or a map, `{{{0}}}`: these keep their items elsewhere, `?` \
         does not",
        name(last),
    ))
}

/// Warns of types that no endpoint mentions by whatever way.
pub(crate) fn check_unused(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut used = vec![false; draft.types.len()];
    let mut open: Vec<usize> = draft
        .calls
        .iter()
        .flat_map(|call: &Call<'_>| call.needs.clone())
        .collect();
    while let Some(index) = open.pop() {
        if !std::mem::replace(&mut used[index], true) {
            open.extend(&draft.types[index].needs);
        }
    }
    for (declared, _) in draft.types.iter().zip(used).filter(|(_, used)| !used) {
        let message = format!("type `{}` is never used", shown(&declared.name.value));
        diagnostics.push(
            Diagnostic::new(
                Code::UnusedType,
                message,
                declared.name.span,
                "declared here",
            )
            .help("remove it, or let an endpoint mention it"),
        );
    }
}

/// It is said of every `POST` whether it may be sent twice: nobody but the author can know.
pub(crate) fn check_retries(draft: &Draft<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let unsaid = |call: &&Call<'_>| call.model.method == Method::Post && call.raw.retry.is_none();
    for call in draft.calls.iter().filter(unsaid) {
        let (group, key) = (&call.raw.group.value, &call.raw.key);
        let message = format!(
            "whether `{group}.{}` may be sent twice is not said",
            key.value
        );
        diagnostics.push(
            Diagnostic::new(
                Code::RetryUnsaid,
                message,
                key.span,
                "a `POST` without `retry`",
            )
            .help(
                "say `retry = \"never\"`; or `\"idempotent\"`, where twice does what once does; or \
                 `{ idempotent_with = \"…\" }`, where a field tells",
            ),
        );
    }
}
