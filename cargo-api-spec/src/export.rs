//! `export`: specs as OpenAPI 3.1.
//!
//! Keys of the spec without an equivalent in OpenAPI become extensions with the prefix `x-api-spec-`,
//! which `import` reads. Waiters become links as well.

mod extensions;
mod links;
mod operations;
mod pages;
mod paths;
mod requests;
mod responses;
mod schemas;
mod security;
mod styles;

use api_spec::model::{Api, Group, Test};

use crate::cli::ExportArgs;
use crate::error::CliError;
use crate::json::{Json, Members, list, object};
use crate::{console, spec};

pub(crate) fn export(args: &ExportArgs) -> Result<(), CliError> {
    let spec = spec::load(&args.file)?;
    let (document, warnings) = document(&spec.api, &args.api_version);
    for warning in warnings {
        console::note(format!("warning: {warning}"));
    }
    console::print(&document.pretty())
}

/// Returns the document, and warnings about the parts of the API that it does not contain.
fn document(api: &Api, version: &str) -> (Json, Vec<String>) {
    let paths::Paths {
        by_path,
        separate,
        warnings,
    } = paths::paths(api);
    let mut document = Members::default();
    document.add("openapi", "3.1.0");
    document.add("info", info(api, version));
    document.add(extensions::name("errors"), error_layout(api));
    let transient = extensions::transient(&api.transient);
    document.add_non_empty(&extensions::name("transient"), transient.into());
    if let Some(url) = &api.url {
        document.add("servers", list([object([("url", url.as_str().into())])]));
        document.add(extensions::name("url"), url.as_str());
    }
    if let Some(auth) = &api.auth {
        document.add("security", security::requirements(api, auth));
    }
    document.add_non_empty("tags", list(api.groups.iter().map(tag)));
    document.add("paths", by_path);
    document.add_non_empty(&extensions::name("operations"), list(separate));
    document.add("components", components(api));
    (document.into(), warnings)
}

fn info(api: &Api, version: &str) -> Members {
    let mut info = Members::default();
    info.add("title", api.name.as_str());
    info.add_text("description", &api.doc);
    info.add("version", version);
    info
}

fn tag(group: &Group) -> Members {
    let mut tag = Members::default();
    tag.add("name", group.key.as_str());
    tag.add_text("description", &group.doc);
    tag
}

fn components(api: &Api) -> Members {
    let mut components = Members::default();
    components.add_non_empty("schemas", schemas::declared(api).into());
    let error = responses::error(error_schema(api));
    components.add("responses", object([("Error", error)]));
    components.add_non_empty("securitySchemes", security::schemes(api).into());
    components
}

/// Returns the value of `errors` in the spec, apart from the type.
fn error_layout(api: &Api) -> Json {
    let errors = &api.errors;
    let mut layout = Members::default();
    let lists = [("message", &errors.message), ("code", &errors.code)];
    for (key, texts) in lists {
        layout.add(key, list(texts.iter().map(String::as_str)));
    }
    let expired = list(errors.expired.iter().map(String::as_str));
    layout.add_non_empty("expired", expired);
    let (mut when, mut unless) = (Members::default(), Members::default());
    let mut present = Vec::new();
    for condition in &errors.conditions {
        let key = condition.key.as_str();
        match &condition.test {
            Test::Equal(value) => when.add(key, value),
            Test::Different(value) => unless.add(key, value),
            Test::Present => present.push(key),
        }
    }
    layout.add_non_empty("when", when.into());
    layout.add_non_empty("unless", unless.into());
    layout.add_non_empty("when_present", list(present));
    layout.into()
}

/// Returns the schema of error bodies: the keys that may contain a message or a code.
fn error_schema(api: &Api) -> Json {
    let messages = api.errors.message.iter();
    let messages = messages.map(|key| (key, Json::from("string")));
    let codes = api.errors.code.iter();
    let codes = codes.map(|key| (key, list(["string", "integer"])));
    let mut properties = Members::default();
    for (key, ty) in messages.chain(codes) {
        if !properties.has(key) {
            properties.add(key, object([("type", ty)]));
        }
    }
    object([("type", "object".into()), ("properties", properties.into())])
}
