//! The two specs that are compared.

use api_codegen::Usage;
use api_spec::model::Api;

pub(super) struct Versions<'a> {
    pub(super) old: Version<'a>,
    pub(super) new: Version<'a>,
}

pub(super) struct Version<'a> {
    pub(super) api: &'a Api,
    /// Declared types that occur in requests and in responses.
    pub(super) usage: Usage,
}

impl<'a> Versions<'a> {
    pub(super) fn new(old: &'a Api, new: &'a Api) -> Self {
        let version = |api| Version {
            api,
            usage: Usage::of(api),
        };
        Self {
            old: version(old),
            new: version(new),
        }
    }
}
