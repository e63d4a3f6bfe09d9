//! Macros for the repetitive items of generated code.
//!
//! They keep checked-in clients short, and cost less to compile than the same items as output of a
//! procedural macro. Their arguments are expressions to the parser, so that rustfmt formats them.

/// Implements the methods and traits of an id, a tuple struct of one `String`.
#[doc(hidden)]
#[macro_export]
macro_rules! __id {
    ($name:ident) => {
        impl $name {
            /// Returns the ID as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(::std::borrow::ToOwned::to_owned(id))
            }
        }

        impl ::core::convert::From<::std::string::String> for $name {
            fn from(id: ::std::string::String) -> Self {
                Self(id)
            }
        }

        impl ::core::convert::From<&$name> for $name {
            fn from(id: &$name) -> Self {
                ::core::clone::Clone::clone(id)
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::rt::show(&self.0, f)
            }
        }

        impl $crate::rt::Encode for $name {
            fn encode(&self, encoder: &mut $crate::rt::Encoder) {
                encoder.string(&self.0);
            }
        }

        impl $crate::rt::DecodeInto for $name {
            fn decode_into(
                &mut self,
                reader: &mut $crate::rt::Reader<'_>,
            ) -> ::core::result::Result<(), $crate::rt::ReadError> {
                $crate::rt::decode_id(&mut self.0, reader)
            }
        }

        impl $crate::rt::Decode for $name {
            fn empty() -> Self {
                Self(::std::string::String::new())
            }
        }
    };
}

/// Implements the methods and traits of an open enum, given its variant for unknown values and the
/// values of the others: the one that is encoded, then its aliases.
#[doc(hidden)]
#[macro_export]
macro_rules! __open_enum {
    (
        $name:ident::$unknown:ident
        $(, $variant:ident = $value:literal $(| $alias:literal)*)* $(,)?
    ) => {
        impl $name {
            /// Returns the value that requests contain.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::$unknown(value) => value,
                }
            }
        }

        // Each derived implementation is another body that the compiler checks.
        impl ::core::cmp::Eq for $name {}

        impl ::core::hash::Hash for $name {
            fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                ::core::hash::Hash::hash(self.as_str(), state);
            }
        }

        impl $crate::rt::OpenEnum for $name {
            const VALUES: $crate::rt::EnumValues<Self> = $crate::rt::EnumValues {
                names: &[$(&[$value $(, $alias)*]),*],
                variants: &[$(Self::$variant),*],
                unknown: Self::$unknown,
            };
        }

        impl ::core::convert::From<&str> for $name {
            /// Prefers an exact match to an unambiguous match without regard to ASCII case.
            fn from(value: &str) -> Self {
                $crate::rt::parse_enum(value)
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::rt::show(self.as_str(), f)
            }
        }

        impl $crate::rt::Encode for $name {
            fn encode(&self, encoder: &mut $crate::rt::Encoder) {
                encoder.string(self.as_str());
            }
        }
    };
}

/// Implements decoding of a struct from an object, given the key of each field.
#[doc(hidden)]
#[macro_export]
macro_rules! __decode {
    ($name:ident { $($field:ident: $key:literal),* $(,)? }) => {
        #[allow(deprecated)]
        impl $crate::rt::DecodeInto for $name {
            fn decode_into(
                &mut self,
                reader: &mut $crate::rt::Reader<'_>,
            ) -> ::core::result::Result<(), $crate::rt::ReadError> {
                $crate::rt::decode_fields(reader, &[$($key),*], &mut [$(&mut self.$field),*])
            }
        }

        #[allow(deprecated)]
        impl $crate::rt::Decode for $name {
            fn empty() -> Self {
                Self { $($field: $crate::rt::Decode::empty()),* }
            }
        }
    };
}

/// Returns the constructor of a variant, given the function that creates its box.
#[doc(hidden)]
#[macro_export]
macro_rules! __new_variant {
    ($name:ident::$variant:ident) => {
        $name::$variant
    };
    ($name:ident::$variant:ident[$new:path]) => {
        |value| $name::$variant($new(value))
    };
}

/// Implements decoding of a union with a tag, given its variant for unknown tags, the key of the
/// tag, and the tags of the other variants: the one that is encoded, then its aliases. The function in
/// brackets creates the box of a variant.
#[doc(hidden)]
#[macro_export]
macro_rules! __decode_union {
    (
        $name:ident::$unknown:ident, tag = $key:literal
        $(, $variant:ident $([$new:path])? = $tag:literal $(| $alias:literal)*)* $(,)?
    ) => {
        impl $crate::rt::DecodeInto for $name {
            fn decode_into(
                &mut self,
                reader: &mut $crate::rt::Reader<'_>,
            ) -> ::core::result::Result<(), $crate::rt::ReadError> {
                const TAGS: &[&[&str]] = &[$(&[$tag $(, $alias)*]),*];
                const VARIANTS: &[$crate::rt::DecodeVariant<$name>] =
                    &[$(|reader| $crate::rt::decode_variant(
                        reader,
                        $crate::rt::new_variant!($name::$variant $([$new])?),
                    )),*];
                $crate::rt::decode_union(self, reader, $key, TAGS, VARIANTS, Self::$unknown)
            }
        }

        impl $crate::rt::Decode for $name {
            fn empty() -> Self {
                Self::$unknown($crate::types::RawJson::NULL)
            }
        }
    };
}

/// Implements decoding of a union of JSON kinds, given its variant for other kinds, and the kinds of the
/// other variants.
#[doc(hidden)]
#[macro_export]
macro_rules! __decode_kinds {
    ($name:ident::$unknown:ident $(, $variant:ident $([$new:path])? = $kind:ident)* $(,)?) => {
        impl $crate::rt::DecodeInto for $name {
            fn decode_into(
                &mut self,
                reader: &mut $crate::rt::Reader<'_>,
            ) -> ::core::result::Result<(), $crate::rt::ReadError> {
                const KINDS: &[$crate::rt::JsonKind] = &[$($crate::rt::JsonKind::$kind),*];
                const VARIANTS: &[$crate::rt::DecodeVariant<$name>] =
                    &[$(|reader| $crate::rt::decode_variant(
                        reader,
                        $crate::rt::new_variant!($name::$variant $([$new])?),
                    )),*];
                let index = $crate::rt::find_variant_by_kind(reader, KINDS);
                *self = match index.and_then(|index| VARIANTS.get(index)) {
                    ::core::option::Option::Some(decode) => decode(reader)?,
                    ::core::option::Option::None => {
                        $name::$unknown($crate::rt::Decode::decode(reader)?)
                    }
                };
                ::core::result::Result::Ok(())
            }
        }

        impl $crate::rt::Decode for $name {
            fn empty() -> Self {
                Self::$unknown($crate::types::RawJson::NULL)
            }
        }
    };
}

/// Implements encoding of a union of JSON kinds, given its variants.
#[doc(hidden)]
#[macro_export]
macro_rules! __encode_kinds {
    ($name:ident $(, $variant:ident)* $(,)?) => {
        impl $crate::rt::Encode for $name {
            fn encode(&self, encoder: &mut $crate::rt::Encoder) {
                match self {
                    $(Self::$variant(value) => $crate::rt::Encode::encode(value, encoder),)*
                }
            }

            fn shape(&self) -> $crate::rt::Shape<'_> {
                match self {
                    $(Self::$variant(value) => $crate::rt::Encode::shape(value),)*
                }
            }
        }
    };
}

/// Implements encoding of a struct as an object of the fields of its body.
#[doc(hidden)]
#[macro_export]
macro_rules! __encode {
    ($name:ident) => {
        impl $crate::rt::Encode for $name {
            fn encode(&self, encoder: &mut $crate::rt::Encoder) {
                encoder.begin_object();
                $crate::rt::Request::body(self, encoder);
                encoder.end_object();
            }
        }
    };
}

/// Implements serde's `Serialize` by the encoding of the API.
#[doc(hidden)]
#[macro_export]
macro_rules! __serialize {
    ($name:ident) => {
        impl $crate::rt::serde::Serialize for $name {
            fn serialize<S: $crate::rt::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::rt::serialize(self, serializer)
            }
        }
    };
}

/// Implements serde's `Deserialize` by the encoding of the API.
#[doc(hidden)]
#[macro_export]
macro_rules! __deserialize {
    ($name:ident) => {
        impl<'de> $crate::rt::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::rt::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::rt::deserialize(deserializer)
            }
        }
    };
}
