//! `export`: the API as OpenAPI 3.1.
//!
//! What OpenAPI has no words for is kept under `x-`, or told in descriptions: that enumerations
//! are open, when a request may be sent again. How one waits becomes a link.

mod answers;
mod links;
mod operations;
mod pages;
mod requests;
mod schemas;

use api_spec::model::{Api, Auth};

use crate::cli::ExportArgs;
use crate::exit::Failure;
use crate::json::{Json, Members, list, object};
use crate::{console, spec};

pub(crate) fn export(args: &ExportArgs) -> Result<(), Failure> {
    let spec = spec::load(&args.file)?;
    let (document, left_out) = document(&spec.api, &args.api_version);
    for words in left_out {
        console::say(format!("warning: {words}"));
    }
    console::print(&document.pretty())
}

/// The document, and what does not fit into it.
fn document(api: &Api, version: &str) -> (Json, Vec<String>) {
    let (paths, left_out) = operations::paths(api);
    let mut info = Members::default();
    info.add("title", api.name.as_str());
    info.add_text("description", &api.doc);
    info.add("version", version);
    let tags = api.groups.iter().map(|group| {
        let mut tag = Members::default();
        tag.add("name", group.key.as_str());
        tag.add_text("description", &group.doc);
        tag
    });
    let mut document = Members::default();
    document.add("openapi", "3.1.0");
    document.add("info", info);
    if let Some(url) = &api.url {
        document.add("servers", list([object([("url", url.as_str().into())])]));
    }
    if api.auth.is_some() {
        let scheme = object([("caller", Json::List(Vec::new()))]);
        document.add("security", list([scheme]));
    }
    document.add_some("tags", list(tags));
    document.add("paths", paths);
    let mut components = Members::default();
    components.add_some("schemas", schemas::declared(api).into());
    components.add("responses", object([("Error", error(api))]));
    if let Some(auth) = &api.auth {
        components.add("securitySchemes", object([("caller", scheme(auth))]));
    }
    document.add("components", components);
    (document.into(), left_out)
}

/// How callers say who they are.
fn scheme(auth: &Auth) -> Json {
    let http = |scheme: &str| object([("type", "http".into()), ("scheme", scheme.into())]);
    match auth {
        Auth::Bearer => http("bearer"),
        Auth::Basic => http("basic"),
        Auth::Header(name) => object([
            ("type", "apiKey".into()),
            ("in", "header".into()),
            ("name", name.as_str().into()),
        ]),
    }
}

/// What an error looks like.
fn error(api: &Api) -> Json {
    let mut properties = Members::default();
    for key in &api.errors.message {
        properties.merge(member(key, "string".into()));
    }
    for key in &api.errors.code {
        properties.merge(member(key, list(["string", "integer"])));
    }
    let schema = object([("type", "object".into()), ("properties", properties.into())]);
    object([
        ("description", "The server refuses, or fails.".into()),
        (
            "content",
            object([("application/json", object([("schema", schema)]))]),
        ),
    ])
}

fn member(key: &str, ty: Json) -> Members {
    let mut members = Members::default();
    members.add(key, object([("type", ty)]));
    members
}
