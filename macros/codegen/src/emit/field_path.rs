//! Access to the fields that paths name.

use api_spec::model::{FieldPath, Step, Type};
use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::names::ident;

/// Expression for the value of a field.
pub(crate) enum Access {
    /// A place of the type of the field.
    Value(TokenStream),
    /// A place of the type `Option<T>`.
    Optional(TokenStream),
    /// An expression of the type `Option<&T>`, because a parent is optional.
    Reference(TokenStream),
}

/// Emits the access to a field below `root`. It borrows.
pub(crate) fn borrow(root: &TokenStream, path: &FieldPath) -> Access {
    let body = path.in_body.then(|| quote!(.body));
    let mut access = Access::Value(quote!(#root #body));
    for step in &path.steps {
        access = below(access, step);
    }
    access
}

fn below(parent: Access, step: &Step) -> Access {
    let name = ident(&step.rust);
    match (parent, &step.ty) {
        (Access::Value(parent), Type::Optional(_)) => Access::Optional(quote!(#parent.#name)),
        (Access::Value(parent), Type::Nullable(_)) => {
            Access::Reference(quote!(#parent.#name.value()))
        }
        (Access::Value(parent), _) => Access::Value(quote!(#parent.#name)),
        (parent, ty) => {
            let parent = reference(parent);
            Access::Reference(match ty {
                Type::Optional(_) => quote!(#parent.and_then(|it| it.#name.as_ref())),
                Type::Nullable(_) => quote!(#parent.and_then(|it| it.#name.value())),
                _ => quote!(#parent.map(|it| &it.#name)),
            })
        }
    }
}

/// Returns an expression of the type `Option<&T>`.
pub(crate) fn reference(access: Access) -> TokenStream {
    match access {
        Access::Value(place) => quote!(::core::option::Option::Some(&#place)),
        Access::Optional(place) => quote!(#place.as_ref()),
        Access::Reference(value) => value,
    }
}

/// Returns an expression of the type `Option<T>` for a type that implements `Copy`.
pub(crate) fn copied(access: &Access) -> TokenStream {
    match access {
        Access::Value(place) => quote!(::core::option::Option::Some(#place)),
        Access::Optional(place) => quote!(#place),
        Access::Reference(value) => quote!(#value.copied()),
    }
}

/// Emits the value of a list below `root`, which is moved. An absent list is empty.
pub(crate) fn take_list(root: &TokenStream, path: &FieldPath) -> TokenStream {
    let body = path.in_body.then(|| quote!(.body));
    let (mut list, mut is_optional) = (quote!(#root #body), false);
    for step in &path.steps {
        let name = ident(&step.rust);
        let into_option = match step.ty {
            Type::Nullable(_) => quote!(.into_value()),
            _ => TokenStream::new(),
        };
        list = match (is_optional, step.ty.is_optional()) {
            (false, _) => quote!(#list.#name #into_option),
            (true, true) => quote!(#list.and_then(|it| it.#name #into_option)),
            (true, false) => quote!(#list.map(|it| it.#name)),
        };
        is_optional |= step.ty.is_optional();
    }
    let or_empty = is_optional.then(|| quote!(.unwrap_or_default()));
    quote!(#list #or_empty)
}

/// Emits the place of a field of the request that is changed. Optional parents are created.
pub(crate) fn place(root: &TokenStream, path: &FieldPath) -> TokenStream {
    let mut place = root.clone();
    let last = path.steps.len().saturating_sub(1);
    for (index, step) in path.steps.iter().enumerate() {
        let name = ident(&step.rust);
        place = quote!(#place.#name);
        if let (true, Type::Optional(ty)) = (index < last, &step.ty)
            && let Type::Struct(parent) = &**ty
        {
            let parent = ident(parent);
            // The conversion is that into a `Box` if the struct contains itself.
            place = quote!(#place.get_or_insert_with(|| ::core::convert::Into::into(super::#parent::new())));
        }
    }
    place
}
