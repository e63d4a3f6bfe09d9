//! Declared types by their use in requests and responses. Only the code for that use is emitted.

use std::collections::BTreeSet;

use api_spec::model::{Api, Direction, Type};
use api_spec::names::RustName;

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
            for ty in endpoint.types_in(Direction::Request) {
                collect(api, ty, Direction::Request, &mut usage.requests);
            }
            for ty in endpoint.types_in(Direction::Response) {
                collect(api, ty, Direction::Response, &mut usage.responses);
            }
        }
        usage
    }

    /// Adds the types that no endpoint uses, in both directions. Endpoints with errors may use them.
    pub(crate) fn add_unused(&mut self, api: &Api) {
        let structs = api.structs.iter().map(|it| Type::Struct(it.name.clone()));
        let unions = api.unions.iter().map(|it| Type::Union(it.name.clone()));
        let is_unused = |ty: &Type| {
            let name = ty.declared().map(RustName::as_str);
            name.is_some_and(|name| !self.is_in_request(name) && !self.is_in_response(name))
        };
        let unused: Vec<_> = structs.chain(unions).filter(is_unused).collect();
        for ty in &unused {
            collect(api, ty, Direction::Request, &mut self.requests);
            collect(api, ty, Direction::Response, &mut self.responses);
        }
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

/// Collects the declared types in the values of a type in this direction.
fn collect(api: &Api, ty: &Type, direction: Direction, into: &mut BTreeSet<String>) {
    let Some(name) = ty.declared() else {
        return;
    };
    if !into.insert(name.as_str().to_owned()) {
        return;
    }
    // Names of types are unique, and ids and enums contain no types.
    let object = api.struct_named(name).into_iter();
    for ty in object.flat_map(|object| object.types_in(direction)) {
        collect(api, ty, direction, into);
    }
    let union = api.union_named(name).into_iter();
    for ty in union.flat_map(|union| union.types_in(direction)) {
        collect(api, ty, direction, into);
    }
}
