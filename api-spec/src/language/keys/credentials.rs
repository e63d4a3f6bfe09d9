//! Keys of credentials.

use super::shared::{TEXT, WIRE_NAME};
use crate::language::table::{Format, Key, Kind, Table};

/// Values of `auth` in `[api]`, and in a list of credentials that are sent together.
pub(crate) const AUTH_SCHEMES: &[&str] = &["bearer", "basic"];

/// Values of `auth` in an endpoint, and in a list of alternatives.
pub(crate) const OPTIONAL_AUTH_SCHEMES: &[&str] = &["bearer", "basic", "none"];

pub(super) const API_AUTH: Kind = Kind::OrList(
    &Kind::StringOr(Format::OneOf(AUTH_SCHEMES), &Kind::Table(&AUTH)),
    &CREDENTIAL_KIND,
);

pub(super) const ENDPOINT_AUTH: Kind = Kind::OrList(
    &Kind::StringOr(Format::OneOf(OPTIONAL_AUTH_SCHEMES), &Kind::Table(&AUTH)),
    &CREDENTIAL_KIND,
);

/// A credential of a set.
const CREDENTIAL_KIND: Kind =
    Kind::StringOr(Format::OneOf(AUTH_SCHEMES), &Kind::Table(&CREDENTIAL));

/// A credential, none, or a set.
const ALTERNATIVE: Kind = Kind::OrList(
    &Kind::StringOr(
        Format::OneOf(OPTIONAL_AUTH_SCHEMES),
        &Kind::Table(&CREDENTIAL),
    ),
    &CREDENTIAL_KIND,
);

pub(super) static AUTH: Table = Table {
    name: "auth",
    title: "`auth`",
    keys: &[
        AUTH_HEADER,
        AUTH_PREFIX,
        AUTH_QUERY,
        Key::optional("any", Kind::List(&ALTERNATIVE))
            .doc(
                "Alternatives, one of which is sent: the first one that the client has. A list is sent \
                 together.",
            )
            .example("any = [\"bearer\", { query = \"key\" }]")
            .aliases(&["any_of", "one_of", "either", "or"]),
    ],
};

pub(super) static CREDENTIAL: Table = Table {
    name: "credential",
    title: "`auth`",
    keys: &[AUTH_HEADER, AUTH_PREFIX, AUTH_QUERY],
};

const AUTH_HEADER: Key = Key::optional("header", TEXT)
    .doc("Header that contains the key.")
    .example("header = \"X-Api-Key\"");

const AUTH_PREFIX: Key = Key::optional("prefix", TEXT)
    .doc("Start of the header, in front of the key.")
    .example("prefix = \"Bot \"");

const AUTH_QUERY: Key = Key::optional("query", WIRE_NAME)
    .doc("Query parameter that contains the key.")
    .example("query = \"key\"")
    .aliases(&["parameter", "param"]);
