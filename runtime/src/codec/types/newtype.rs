//! Declaration of types that wrap one value.

/// Declares public newtypes with conversions from and into the wrapped type, and the value that is
/// decoded into.
macro_rules! newtypes {
    ($($(#[$doc:meta])* $name:ident($inner:ty) = $empty:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $inner);

        impl From<$inner> for $name {
            fn from(value: $inner) -> Self {
                Self(value)
            }
        }

        impl From<$name> for $inner {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl $crate::codec::Decode for $name {
            #[inline]
            fn empty() -> Self { Self($empty) }
        }
    )*};
}

/// Implements [`Encode`](crate::codec::Encode) by the `Display` form, as a string or as a literal.
macro_rules! encode_display {
    ($($name:ident as $method:ident;)*) => {$(
        impl $crate::codec::Encode for $name {
            fn encode(&self, encoder: &mut $crate::codec::Encoder) {
                encoder.$method(&self.to_string());
            }
        }
    )*};
}

pub(super) use {encode_display, newtypes};
