//! Types of fields that arguments can repeat, or fill with files.

use api_spec::model::{Field, Type};

/// Returns whether the values are files.
pub(super) fn is_file(field: &Field) -> bool {
    match field.ty.required() {
        Type::List(item) => **item == Type::File,
        ty => *ty == Type::File,
    }
}

/// Returns the type of the items if the field is a list.
pub(super) fn item_type(field: &Field) -> Option<&Type> {
    match field.ty.required() {
        Type::List(item) => Some(item),
        _ => None,
    }
}
