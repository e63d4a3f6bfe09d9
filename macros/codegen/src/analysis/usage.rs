//! Declared types by their use in requests and responses. Only the code for that use is emitted.

use std::collections::BTreeSet;

use api_spec::model::{Api, Field, Response, Type, Union};

/// Names of the declared types in requests and in responses.
pub struct Usage {
    requests: BTreeSet<String>,
    responses: BTreeSet<String>,
    /// Structs whose fields others have.
    shared: BTreeSet<String>,
}

impl Usage {
    /// Collects the types that the endpoints use.
    pub fn of(api: &Api) -> Self {
        let mut usage = Self {
            requests: BTreeSet::new(),
            responses: BTreeSet::new(),
            shared: shared(api),
        };
        for endpoint in api.groups.iter().flat_map(|group| &group.endpoints) {
            for field in endpoint.fields() {
                collect(api, &field.ty, &mut usage.requests);
            }
            collect_response(api, &endpoint.response, &mut usage.responses);
            if let Some(error) = &endpoint.error {
                collect(api, error, &mut usage.responses);
            }
            if let Some(headers) = &endpoint.response_headers {
                collect_fields(api, &headers.headers, &mut usage.responses);
            }
        }
        usage
    }

    /// Returns whether a client contains the struct. One that only provides fields of others has no use.
    pub fn is_generated(&self, name: &str) -> bool {
        !self.shared.contains(name) || self.is_in_request(name) || self.is_in_response(name)
    }

    /// Returns whether a request contains the type. Such types have `new` and setters.
    pub fn is_in_request(&self, name: &str) -> bool {
        self.requests.contains(name)
    }

    /// Returns whether a response contains the type.
    pub fn is_in_response(&self, name: &str) -> bool {
        self.responses.contains(name)
    }
}

fn shared(api: &Api) -> BTreeSet<String> {
    let variants = api.unions.iter().flat_map(|union| &union.variants);
    let bodies = variants.map(|variant| &variant.body);
    let shared = api.structs.iter().chain(bodies).flat_map(|it| &it.with);
    shared.map(|it| it.name.as_str().to_owned()).collect()
}

fn collect_response(api: &Api, response: &Response, into: &mut BTreeSet<String>) {
    match response {
        Response::Nothing | Response::Text | Response::Bytes | Response::Stream => {}
        Response::Object(object) => collect_fields(api, &object.fields, into),
        Response::Value(ty) => collect(api, ty, into),
        Response::Events(events) => collect_response(api, &events.item, into),
        Response::ByStatus(cases) => {
            for case in &cases.cases {
                collect_response(api, &case.response, into);
                if let Some(headers) = &case.headers {
                    collect_fields(api, &headers.headers, into);
                }
            }
        }
    }
}

fn collect(api: &Api, ty: &Type, into: &mut BTreeSet<String>) {
    match ty {
        Type::Optional(inner) | Type::Nullable(inner) | Type::List(inner) | Type::Map(inner) => {
            collect(api, inner, into);
        }
        Type::Id(name) | Type::Enum(name) => {
            into.insert(name.as_str().to_owned());
        }
        Type::Struct(name) => {
            if into.insert(name.as_str().to_owned()) {
                let object = api.struct_named(name);
                collect_fields(api, object.map_or(&[], |object| &object.fields), into);
            }
        }
        Type::Union(name) => {
            if into.insert(name.as_str().to_owned()) {
                let union = api.union_named(name);
                for ty in union.into_iter().flat_map(Union::types) {
                    collect(api, ty, into);
                }
            }
        }
        Type::String
        | Type::Bool
        | Type::Int
        | Type::Float
        | Type::Json
        | Type::RawJson
        | Type::File
        | Type::Builtin(_) => {}
    }
}

fn collect_fields(api: &Api, fields: &[Field], into: &mut BTreeSet<String>) {
    for field in fields {
        collect(api, &field.ty, into);
    }
}
