//! Credentials as security schemes.

use api_spec::model::{Api, Auth, Credential};

use crate::json::{Json, Members, list, object};

/// Returns the security schemes of an API by their names.
pub(super) fn schemes(api: &Api) -> Members {
    let mut schemes = Members::default();
    for (name, credential) in named(api) {
        schemes.add(name, scheme(credential));
    }
    schemes
}

/// Returns the sets of security schemes, one of which a request requires.
pub(super) fn requirements(api: &Api, auth: &Auth) -> Json {
    if auth.is_none() {
        return Json::List(Vec::new());
    }
    let named = named(api);
    let sets = auth.sets.iter().map(|set| {
        let mut schemes = Members::default();
        for (name, _) in named
            .iter()
            .filter(|(_, credential)| set.contains(credential))
        {
            schemes.add(name.as_str(), Json::List(Vec::new()));
        }
        schemes
    });
    list(sets)
}

/// Returns the credentials of an API with the names of their schemes.
fn named(api: &Api) -> Vec<(String, &Credential)> {
    let credentials = api.auth.as_ref().map_or_else(Vec::new, Auth::credentials);
    let is_key = |it: &&&Credential| matches!(it, Credential::Header { .. } | Credential::Query(_));
    let has_one_key = credentials.iter().filter(is_key).count() == 1;
    let mut all: Vec<(String, &Credential)> = Vec::new();
    for credential in credentials {
        let name = match credential {
            Credential::Bearer => "bearerAuth".to_owned(),
            Credential::Basic => "basicAuth".to_owned(),
            Credential::Header { .. } | Credential::Query(_) if has_one_key => {
                "apiKeyAuth".to_owned()
            }
            key => key.name(false).unraw().to_owned(),
        };
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        let is_free = |name: &String| all.iter().all(|(other, _)| other != name);
        all.push((names.find(is_free).unwrap_or_default(), credential));
    }
    all
}

fn scheme(credential: &Credential) -> Json {
    let http = |scheme: &str| object([("type", "http".into()), ("scheme", scheme.into())]);
    let key = |place: &str, name: &str| {
        let mut key = Members::default();
        key.add("type", "apiKey");
        key.add("in", place);
        key.add("name", name);
        key
    };
    match credential {
        Credential::Bearer => http("bearer"),
        Credential::Basic => http("basic"),
        Credential::Header { name, prefix } => {
            let mut key = key("header", name);
            // OpenAPI has no keyword for it.
            key.add_text("x-api-spec-prefix", prefix);
            key.into()
        }
        Credential::Query(name) => key("query", name).into(),
    }
}
