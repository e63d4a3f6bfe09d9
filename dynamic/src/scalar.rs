//! Values that calls at run time interpret, checked as generated code decodes them.

use api_runtime::Secret;
use api_runtime::codec::{Decode, ReadError, Reader};
use api_runtime::types::{
    Base64, Date, Decimal, DecimalText, IntText, IsoDuration, Millis, Seconds, SecondsText,
    Timestamp, UintText, UnixMillis, UnixSeconds,
};
use api_spec::model::{Builtin, Type};

/// Checks that the value that is next has a type. Values that are not scalars are not checked.
///
/// # Errors
///
/// Those of generated code.
pub(crate) fn check(ty: &Type, reader: &Reader<'_>) -> Result<(), ReadError> {
    match ty {
        Type::Optional(inner) | Type::Nullable(inner) => match reader.clone().peek() {
            Some(b'n') => Ok(()),
            _ => check(inner, reader),
        },
        Type::String | Type::Enum(_) => decode::<String>(reader),
        Type::Id(_) => reader.clone().id().map(drop),
        Type::Bool => decode::<bool>(reader),
        Type::Int => decode::<i64>(reader),
        Type::Float => decode::<f64>(reader),
        Type::Builtin(builtin) => check_builtin(*builtin, reader),
        _ => Ok(()),
    }
}

fn check_builtin(builtin: Builtin, reader: &Reader<'_>) -> Result<(), ReadError> {
    match builtin {
        Builtin::Uint => decode::<u64>(reader),
        Builtin::Secret => decode::<Secret>(reader),
        Builtin::Base64 => decode::<Base64>(reader),
        Builtin::IntText => decode::<IntText>(reader),
        Builtin::UintText => decode::<UintText>(reader),
        Builtin::Decimal => decode::<Decimal>(reader),
        Builtin::DecimalText => decode::<DecimalText>(reader),
        Builtin::Date => decode::<Date>(reader),
        Builtin::Timestamp => decode::<Timestamp>(reader),
        Builtin::UnixSeconds => decode::<UnixSeconds>(reader),
        Builtin::UnixMillis => decode::<UnixMillis>(reader),
        Builtin::Seconds => decode::<Seconds>(reader),
        Builtin::Millis => decode::<Millis>(reader),
        Builtin::Duration => decode::<IsoDuration>(reader),
        Builtin::SecondsText => decode::<SecondsText>(reader),
    }
}

fn decode<T: Decode>(reader: &Reader<'_>) -> Result<(), ReadError> {
    T::decode(&mut reader.clone()).map(drop)
}
