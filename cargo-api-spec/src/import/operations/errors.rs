//! Bodies of errors.

use super::importer::Importer;
use super::media_type::{Media, content, is_json};
use crate::import::document::{Node, Version};
use crate::import::extensions;
use crate::import::report::Report;
use crate::import::spec::{Draft, Endpoint, Field, TypeExpr, TypeKind};
use crate::toml;

impl<'d> Importer<'d> {
    /// Returns the type of the error bodies of an operation: that of most error responses.
    pub(super) fn error(&mut self, operation: &'d Node) -> Option<TypeExpr> {
        let responses = operation.object("responses");
        let has_success = responses
            .iter()
            .any(|(status, _)| status.starts_with(['2', '3']));
        let mut counts: Vec<(TypeExpr, usize)> = Vec::new();
        for (status, response) in responses {
            let is_error = match &**status {
                "default" => has_success,
                status => status.starts_with(['4', '5']),
            };
            if !is_error || extensions::get(response, "case").is_some() {
                continue;
            }
            let raw = response;
            let Some(response) = self.report.resolve(self.document, raw) else {
                continue;
            };
            // `export` writes the layout of errors without a type like this.
            if self.types.is_exported
                && raw.peek_text("$ref") == Some("#/components/responses/Error")
            {
                continue;
            }
            let Some(schema) = self.error_schema(response) else {
                continue;
            };
            let prefix = if &**status == "default" {
                &self.operation.group_prefix
            } else {
                &self.operation.type_prefix
            };
            let hint = format!("{prefix}Error");
            let ty = self.error_type(schema, &hint);
            match counts.iter_mut().find(|(known, _)| *known == ty) {
                Some((_, count)) => *count += 1,
                None => counts.push((ty, 1)),
            }
        }
        let most = counts.iter().map(|(_, count)| *count).max()?;
        let position = counts.iter().position(|(_, count)| *count == most)?;
        let (ty, _) = counts.swap_remove(position);
        if !counts.is_empty() {
            let others: Vec<_> = counts.iter().map(|(ty, _)| format!("`{ty}`")).collect();
            let note = format!(
                "errors are decoded as `{ty}`, also where they are {}",
                others.join(", ")
            );
            self.approximate(note);
        }
        Some(ty)
    }

    fn error_schema(&mut self, response: &'d Node) -> Option<&'d Node> {
        match self.document.version {
            Version::Swagger2 => response.get("schema"),
            Version::OpenApi3 => {
                let (json, others): (Vec<_>, Vec<_>) = content(response)
                    .into_iter()
                    .partition(|it| is_json(&it.essence()));
                // Some documents declare any media type without a schema beside JSON.
                let has_schema = |it: &&Media<'_>| it.node.peek("schema").is_some();
                let chosen = json.iter().find(has_schema).or(json.first());
                let is_chosen =
                    |it: &Media<'_>| chosen.is_some_and(|chosen| chosen.name == it.name);
                for other in others.iter().chain(&json).filter(|it| !is_chosen(it)) {
                    self.report.ignore(other.node, "errors are decoded as JSON");
                }
                chosen?.schema()
            }
        }
    }

    /// Returns the type of a schema. Equal schemas without a name have one type.
    fn error_type(&mut self, schema: &'d Node, hint: &str) -> TypeExpr {
        if schema.peek("$ref").is_none() {
            let known = self.error_types.iter().find(|(known, _)| *known == schema);
            if let Some((_, ty)) = known {
                schema.mark_reported();
                return ty.clone();
            }
        }
        let ty = self.types.convert(schema, hint, &mut self.report);
        let ty = ty.required().clone();
        if schema.peek("$ref").is_none() && self.error_types.len() < MAX_KNOWN_ERRORS {
            self.error_types.push((schema, ty.clone()));
        }
        ty
    }
}

/// Maximum number of error schemas that others are compared with.
const MAX_KNOWN_ERRORS: usize = 64;

/// Keys of the message in error bodies, in the order of preference.
const MESSAGE_KEYS: [&str; 11] = [
    "message",
    "error_message",
    "errorMessage",
    "error_description",
    "detail",
    "msg",
    "errors",
    "error",
    "description",
    "title",
    "reason",
];

/// Keys of the code in error bodies, in the order of preference.
const CODE_KEYS: [&str; 6] = ["code", "error_code", "errorCode", "type", "id", "status"];

/// Moves the type of most error bodies from the endpoints to the API.
pub(super) fn share(draft: &mut Draft<'_>, report: &mut Report) {
    let errors = || draft.endpoints.iter().filter_map(|it| it.error.as_ref());
    let Some(TypeExpr::Named(name)) = errors()
        .max_by_key(|ty| errors().filter(|other| other == ty).count())
        .cloned()
    else {
        return;
    };
    let shared = TypeExpr::Named(name.clone());
    let uses = errors().filter(|ty| **ty == shared).count();
    if uses * 2 <= draft.endpoints.len() {
        return;
    }
    let fields = fields_of(draft, &shared);
    let mut pairs = vec![format!("type = {}", toml::string(&name))];
    let messages = keys(draft, fields, &MESSAGE_KEYS, is_text);
    let mut codes = keys(draft, fields, &CODE_KEYS, |ty| is_code(draft, ty));
    // A text `error` without a message beside it is the message.
    codes.retain(|key| messages.first() != Some(key));
    pairs.extend(list("message", messages.iter()));
    pairs.extend(list("code", codes.iter()));
    draft.errors = Some(format!("{{ {} }}", pairs.join(", ")));
    draft.error_type = Some(shared.clone());
    let without = draft.endpoints.iter().filter(|it| it.error.is_none());
    for endpoint in without {
        let place = endpoint.place.peek("responses").unwrap_or(endpoint.place);
        let reason = format!("errors without a schema are decoded as `{name}`, like the others");
        report.remark(place, reason);
    }
    let is_shared = |it: &&mut Endpoint<'_>| it.error.as_ref() == Some(&shared);
    for endpoint in draft.endpoints.iter_mut().filter(is_shared) {
        endpoint.error = None;
    }
}

/// Returns the keys of a table of errors as TOML, unless there are none.
fn list<T: AsRef<str>>(key: &str, texts: impl Iterator<Item = T>) -> Option<String> {
    let texts: Vec<_> = texts.map(|it| toml::string(it.as_ref())).collect();
    (!texts.is_empty()).then(|| format!("{key} = [{}]", texts.join(", ")))
}

/// Returns the known keys among fields and the fields of objects in them.
fn keys(
    draft: &Draft<'_>,
    fields: &[Field],
    known: &[&str],
    accepts: impl Fn(&TypeExpr) -> bool,
) -> Vec<String> {
    let mut found = Vec::new();
    for outer in known.iter().chain(&["error", "errors"]) {
        let Some(field) = fields.iter().find(|field| field.wire == **outer) else {
            continue;
        };
        if accepts(field.ty.required()) {
            found.push((*outer).to_owned());
        }
        let inner = fields_of(draft, &field.ty);
        for key in known {
            let inner = inner.iter().find(|field| field.wire == *key);
            if inner.is_some_and(|field| accepts(field.ty.required())) {
                found.push(format!("{outer}.{key}"));
            }
        }
    }
    let mut unique = Vec::new();
    found.retain(|key| {
        let is_new = !unique.contains(key);
        unique.push(key.clone());
        is_new
    });
    found
}

/// Returns the fields of a struct, or of the structs in a list.
fn fields_of<'f>(draft: &'f Draft<'_>, ty: &TypeExpr) -> &'f [Field] {
    let name = ty.declared_name();
    let declared = draft.types.iter().find(|it| Some(it.name.as_str()) == name);
    match declared.map(|it| &it.kind) {
        Some(TypeKind::Struct(fields)) => fields,
        _ => &[],
    }
}

fn is_text(ty: &TypeExpr) -> bool {
    *ty == TypeExpr::Builtin("string")
}

fn is_code(draft: &Draft<'_>, ty: &TypeExpr) -> bool {
    let Some(name) = ty.declared_name() else {
        return matches!(ty, TypeExpr::Builtin("string" | "int"));
    };
    let declared = draft.types.iter().find(|it| it.name == name);
    let kind = declared.map(|it| &it.kind);
    matches!(kind, Some(TypeKind::Id | TypeKind::Enum(_)))
}
