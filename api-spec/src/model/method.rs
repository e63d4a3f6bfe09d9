//! HTTP methods and their retry classes.

use std::fmt;

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
    /// `HEAD`
    Head,
    /// `OPTIONS`
    Options,
    /// Another method, e.g. `LIST`.
    Other(MethodName),
}

/// Name of a method other than the usual ones, in upper case.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MethodName {
    bytes: [u8; MAX_METHOD_LEN],
    len: usize,
}

/// Maximum length of the name of a method in bytes. Registered names have at most 17.
const MAX_METHOD_LEN: usize = 32;

/// Methods of the registry of IANA with their retry classes (RFC 9110, section 16.1), except for those
/// of [`Method`], and for `CONNECT` and `PRI`, which are no requests of an API.
const REGISTERED: [(&str, Retry); 31] = [
    ("ACL", Retry::Idempotent),
    ("BASELINE-CONTROL", Retry::Idempotent),
    ("BIND", Retry::Idempotent),
    ("CHECKIN", Retry::Idempotent),
    ("CHECKOUT", Retry::Idempotent),
    ("COPY", Retry::Idempotent),
    ("LABEL", Retry::Idempotent),
    ("LINK", Retry::Idempotent),
    ("LOCK", Retry::Never),
    ("MERGE", Retry::Idempotent),
    ("MKACTIVITY", Retry::Idempotent),
    ("MKCALENDAR", Retry::Idempotent),
    ("MKCOL", Retry::Idempotent),
    ("MKREDIRECTREF", Retry::Idempotent),
    ("MKWORKSPACE", Retry::Idempotent),
    ("MOVE", Retry::Idempotent),
    ("ORDERPATCH", Retry::Idempotent),
    ("PROPFIND", Retry::Safe),
    ("PROPPATCH", Retry::Idempotent),
    ("QUERY", Retry::Safe),
    ("REBIND", Retry::Idempotent),
    ("REPORT", Retry::Safe),
    ("SEARCH", Retry::Safe),
    ("UNBIND", Retry::Idempotent),
    ("UNCHECKOUT", Retry::Idempotent),
    ("UNLINK", Retry::Idempotent),
    ("UNLOCK", Retry::Idempotent),
    ("UPDATE", Retry::Idempotent),
    ("UPDATEREDIRECTREF", Retry::Idempotent),
    ("VERSION-CONTROL", Retry::Idempotent),
    ("TRACE", Retry::Safe),
];

impl Method {
    /// The usual methods, in the order used in messages.
    pub const ALL: [Self; 7] = [
        Self::Get,
        Self::Post,
        Self::Put,
        Self::Patch,
        Self::Delete,
        Self::Head,
        Self::Options,
    ];

    /// Returns the method with this name, if it is a usual or a registered one.
    pub fn known(name: &str) -> Option<Self> {
        let mut usual = Self::ALL.into_iter();
        usual.find(|method| method.as_str() == name).or_else(|| {
            let is_registered = REGISTERED.iter().any(|(other, _)| *other == name);
            is_registered.then(|| Self::other(name)).flatten()
        })
    }

    /// Returns a method that is not a usual one. `None` if the name is too long.
    pub(crate) fn other(name: &str) -> Option<Self> {
        let mut bytes = [0; MAX_METHOD_LEN];
        bytes
            .get_mut(..name.len())?
            .copy_from_slice(name.as_bytes());
        let len = name.len();
        Some(Self::Other(MethodName { bytes, len }))
    }

    /// Returns the name on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
            Self::Other(name) => name.as_str(),
        }
    }

    /// Returns the retry class that HTTP defines for the method, if it does.
    pub(crate) fn retry(&self) -> Option<Retry> {
        match self {
            Self::Get | Self::Head | Self::Options => Some(Retry::Safe),
            Self::Put | Self::Delete => Some(Retry::Idempotent),
            Self::Patch => Some(Retry::Never),
            // The effect of a `POST` depends on the resource.
            Self::Post => None,
            Self::Other(name) => {
                let mut registered = REGISTERED.iter();
                let found = registered.find(|(other, _)| *other == name.as_str());
                found.map(|(_, class)| *class)
            }
        }
    }

    /// Returns whether an endpoint with this method needs a retry class in the spec, because HTTP
    /// defines none. Its absence is a warning.
    pub fn needs_retry_class(&self) -> bool {
        self.retry().is_none()
    }
}

/// Retry class: the effect of sending a request again that may have been processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The request changes nothing on the server.
    Safe,
    /// Repeating the request has no further effect.
    Idempotent,
    /// The request must not be repeated.
    Never,
}

impl Retry {
    /// All classes, in the order used in messages.
    pub const ALL: [Self; 3] = [Self::Safe, Self::Idempotent, Self::Never];

    /// Returns the name in a spec.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Idempotent => "idempotent",
            Self::Never => "never",
        }
    }

    /// Returns the class of a method: the one of the registry of IANA (RFC 9110, section 9.2), and `never`
    /// for `POST` and other methods.
    pub fn of(method: Method) -> Self {
        method.retry().unwrap_or(Self::Never)
    }
}

impl MethodName {
    /// Returns the name.
    pub fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..self.len).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}

impl fmt::Debug for MethodName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
