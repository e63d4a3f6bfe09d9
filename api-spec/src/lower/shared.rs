//! Settings that `[api]` and `[groups]` share among endpoints.

use std::collections::HashMap;

use super::auth::ApiAuth;
use super::context::Context;
use super::fields::check_request_header;
use super::names::check_snake_name;
use super::paths::lower_base_path;
use super::types::{FieldContext, lower_type};
use crate::diagnostics::Reported;
use crate::model::names::WireName;
use crate::model::{Endpoint, FieldLocation, Fixed, Type};
use crate::read::raw::{Spec, Table};
use crate::source::text::Text;

pub(super) struct Shared<'r> {
    auth: ApiAuth,
    /// The base path of each group that is listed in `[groups]`.
    base_paths: HashMap<&'r str, Result<&'r str, Reported>>,
    api_base_path: Result<&'r str, Reported>,
    /// The results of the checks of the names of groups.
    group_names: HashMap<&'r str, Result<(), Reported>>,
    /// The type of error bodies.
    error: Option<Type>,
    /// The declared types that it uses.
    error_uses: Vec<usize>,
    fixed: Vec<Fixed>,
}

impl<'r> Shared<'r> {
    pub(super) fn new(cx: &mut Context<'r, '_>, spec: &'r Spec, auth: &ApiAuth) -> Self {
        let api = spec.api();
        let api_base_path = lower_base_path(cx, api, Ok(""));
        let error = api.and_then(|api| api.table("errors")?.string("type"));
        let error = error.and_then(|text| lower_type(cx, text, FieldContext::Json).ok());
        let error_uses = cx.take_collected().all;
        let fixed = api.map_or_else(Vec::new, |api| lower_fixed(cx, api));
        let mut base_paths = HashMap::new();
        for group in spec.entries("groups") {
            let base_path = lower_base_path(cx, group.table(), api_base_path);
            base_paths.insert(group.key.as_str(), base_path);
        }
        let mut group_names = HashMap::new();
        for group in spec.entries("endpoints") {
            let checked = group_names.entry(group.key.as_str());
            checked.or_insert_with(|| check_snake_name(cx, "group", &group.key));
        }
        Self {
            auth: auth.clone(),
            base_paths,
            api_base_path,
            group_names,
            error,
            error_uses,
            fixed,
        }
    }

    pub(super) fn base_path(&self, group: &Text) -> Result<&'r str, Reported> {
        let own = self.base_paths.get(group.as_str());
        own.copied().unwrap_or(self.api_base_path)
    }

    pub(super) fn check_group(&self, group: &Text) -> Result<(), Reported> {
        let checked = self.group_names.get(group.as_str());
        checked.copied().unwrap_or(Ok(()))
    }

    /// Returns the credentials of the API.
    pub(super) fn auth(&self) -> &ApiAuth {
        &self.auth
    }

    /// Returns the type of error bodies of endpoints without their own, and the types it uses.
    pub(super) fn error(&self) -> Option<(&Type, &[usize])> {
        Some((self.error.as_ref()?, &self.error_uses))
    }

    /// Adds the values that are the same in every request of the API, unless the endpoint has its own
    /// field or value of this name.
    pub(super) fn add_fixed(&self, endpoint: &mut Endpoint) {
        for fixed in &self.fixed {
            let is_same = |wire: &WireName| match fixed.location {
                FieldLocation::Header => wire.as_str().eq_ignore_ascii_case(fixed.wire.as_str()),
                FieldLocation::Query | FieldLocation::Body => *wire == fixed.wire,
            };
            let fields = match fixed.location {
                FieldLocation::Header => &endpoint.headers,
                FieldLocation::Query | FieldLocation::Body => &endpoint.query,
            };
            let is_field = fields.iter().any(|field| is_same(&field.wire));
            let mut own = endpoint.fixed.iter();
            let is_fixed = own.any(|it| it.location == fixed.location && is_same(&it.wire));
            if !is_field && !is_fixed {
                endpoint.fixed.push(fixed.clone());
            }
        }
    }
}

fn lower_fixed(cx: &mut Context<'_, '_>, api: &Table) -> Vec<Fixed> {
    let locations = [
        ("query", FieldLocation::Query),
        ("headers", FieldLocation::Header),
    ];
    let mut fixed = Vec::new();
    for (table, location) in locations {
        for entry in api.map(table) {
            // Without a valid name or value, the error has been reported, and no client is generated.
            if location == FieldLocation::Header && check_request_header(cx, &entry.key).is_err() {
                continue;
            }
            fixed.extend(entry.literal().map(|value| Fixed {
                location,
                wire: WireName::new(entry.key.as_str()),
                value: value.clone(),
            }));
        }
    }
    fixed
}
