//! Catalogue of codes.

use std::fmt;

use super::level::Level;

/// Explanation of a [`Code`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// The reason why it is reported.
    pub text: &'static str,
    /// A part of a spec with the problem.
    pub wrong: &'static str,
    /// The same part without the problem.
    pub right: &'static str,
}

macro_rules! codes {
    ($($code:ident $id:literal $level:ident $title:literal)*) => {
        /// Code of a diagnostic.
        ///
        /// The numbers are stable. The number of a removed code is not used again.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = concat!("`", $id, "`: ", $title, ".")] $code,)*
        }

        impl Code {
            /// All codes, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$code),*];

            /// Returns the stable code, e.g. `S101`.
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$code => $id,)*
                }
            }

            /// Returns a short description of the problem.
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$code => $title,)*
                }
            }

            /// Returns the severity.
            pub const fn level(self) -> Level {
                match self {
                    $(Self::$code => Level::$level,)*
                }
            }
        }
    };
}

// S0: TOML syntax. S1: shape of the document. S2: names. S3: types. S4: endpoints. S5: waiters and
// pages.
codes! {
    InvalidToml "S001" Error "invalid TOML"
    DuplicateKey "S002" Error "duplicate key or table"
    UnquotedString "S003" Error "string without quotes"
    MissingValue "S004" Error "key without a value"
    UnknownKey "S101" Error "unknown key"
    MissingKey "S102" Error "missing key"
    WrongKind "S103" Error "value of the wrong kind"
    Empty "S104" Error "empty name or table"
    UnusedGroup "S105" Error "group without endpoints"
    ControlCharacter "S106" Error "control character in a name"
    UnusedType "S107" Warning "type that is never used"
    InvalidInclude "S108" Error "file that cannot be included"
    InvalidUrl "S109" Error "invalid base URL"
    InvalidAuth "S110" Error "invalid credentials"
    AuthClash "S111" Error "two values in the place of a credential"
    TypeName "S201" Error "type name that is not in UpperCamelCase"
    SnakeName "S202" Error "group or endpoint name that is not in snake_case"
    UnderivableName "S203" Error "wire name without a Rust name"
    InvalidRustName "S204" Error "invalid value of `rust`"
    TypeClash "S205" Error "two types with the same name"
    FunctionClash "S206" Error "two functions with the same name"
    FieldClash "S207" Error "two fields with the same Rust name"
    VariantClash "S208" Error "two variants with the same Rust name"
    SetterClash "S209" Error "optional field named `new` in a request"
    ValueClash "S210" Error "two values with the same spelling"
    TypeSyntax "S301" Error "invalid type syntax"
    UnknownType "S302" Error "unknown type"
    TooManyOptionals "S303" Error "unsupported `??`"
    TypeTooDeep "S304" Error "type nested too deeply"
    FileLocation "S305" Error "`file` outside of a multipart body"
    NotScalar "S306" Error "type that is not a scalar in a path, query, header, form or multipart field"
    InfiniteType "S307" Error "struct that contains itself in required fields"
    TagField "S308" Error "variant field with the name of the tag"
    FixedValue "S309" Error "invalid fixed value"
    DefaultValue "S310" Error "invalid default"
    Bounds "S311" Error "invalid bounds"
    AmbiguousVariant "S312" Error "variant that cannot be distinguished from others"
    UnionKinds "S313" Error "union whose JSON kinds cannot be distinguished"
    With "S314" Error "invalid `with`"
    Only "S315" Error "invalid `only`"
    HttpSyntax "S401" Error "`http` without a method and a path"
    UnknownMethod "S402" Error "invalid HTTP method"
    InvalidPath "S403" Error "invalid path"
    PathParameter "S404" Error "invalid path parameter"
    SeveralBodies "S405" Error "more than one request body"
    UnexpectedBody "S406" Error "body that the method does not allow"
    UnknownRetry "S407" Error "unknown retry class"
    UntypedParameter "S408" Error "path parameter without a type"
    UnusedParameter "S409" Error "path parameter that is not in the path"
    OptionalParameter "S410" Error "optional path parameter"
    Style "S411" Error "unsupported style"
    HeaderName "S412" Error "header that cannot be declared"
    StatusCode "S413" Error "invalid status code"
    SeveralResponses "S414" Error "conflicting responses"
    MediaType "S415" Error "invalid media type"
    MissingRetry "S416" Warning "endpoint without a retry class"
    IdempotencyKey "S417" Error "invalid idempotency key"
    Timeout "S418" Error "timeout out of range"
    EventStream "S421" Error "invalid event stream"
    UnknownPoll "S501" Error "waiter without an endpoint to poll"
    MissingBinding "S502" Error "waiter without a required binding"
    UnknownBinding "S503" Error "waiter with a binding that is not required"
    BindingSource "S504" Error "waiter with an unknown binding source"
    BindingType "S505" Error "waiter with a binding of another type"
    StatusField "S506" Error "waiter without a status field"
    UnknownStatus "S507" Error "waiter with an unknown value"
    DuplicateStatus "S508" Error "waiter with a value that is listed twice"
    MissingStatus "S509" Error "waiter with a value that is not listed"
    EmptyUntil "S510" Error "waiter without a successful end"
    Pagination "S511" Error "invalid pagination"
}

impl Code {
    /// Returns whether the cause may be that another table or file cannot be read.
    pub(super) const fn depends_on_names(self) -> bool {
        matches!(
            self,
            Self::MissingKey
                | Self::Empty
                | Self::UnusedGroup
                | Self::UnknownType
                | Self::With
                | Self::DefaultValue
                | Self::NotScalar
                | Self::AmbiguousVariant
                | Self::UntypedParameter
                | Self::SeveralResponses
                | Self::IdempotencyKey
                | Self::UnknownPoll
                | Self::MissingBinding
                | Self::UnknownBinding
                | Self::BindingSource
                | Self::StatusField
                | Self::UnknownStatus
                | Self::MissingStatus
                | Self::Pagination
        )
    }

    /// Returns the code with this number, in upper or lower case.
    ///
    /// # Examples
    ///
    /// ```
    /// use api_spec::Code;
    ///
    /// assert_eq!(Code::from_id("s101"), Some(Code::UnknownKey));
    /// assert_eq!(Code::from_id("S999"), None);
    /// ```
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.id().eq_ignore_ascii_case(id))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
