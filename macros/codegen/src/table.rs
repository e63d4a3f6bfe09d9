//! The endpoints as data, for programs that call them by name.

use api_spec::model::{Builtin, Endpoint, Enum, Field, Group, Literal, Type};
use proc_macro2::TokenStream;
use quote::quote;

use crate::names::ident;
use crate::{Context, limits, types};

/// What the API's errors look like, shared by all endpoints.
pub(crate) fn emit_errors(context: &Context<'_>) -> TokenStream {
    let rt = &context.rt;
    let (message, code) = (&context.api.errors.message, &context.api.errors.code);
    let (refused, failed) = (
        &context.api.transient.refused,
        &context.api.transient.failed,
    );
    let conditions = context.api.errors.conditions.iter().map(|condition| {
        let (key, equal) = (&condition.key, condition.equal);
        let value = literal(context, &condition.value);
        quote!(#rt::Condition { key: #key, value: #value, equal: #equal })
    });
    quote! {
        const ERRORS: &#rt::ErrorShape = &#rt::ErrorShape {
            message: &[#(#message),*],
            code: &[#(#code),*],
            conditions: &[#(#conditions),*],
            refused: &[#(#refused),*],
            failed: &[#(#failed),*],
        };
    }
}

/// A value of the description.
pub(crate) fn literal(context: &Context<'_>, value: &Literal) -> TokenStream {
    let rt = &context.rt;
    match value {
        Literal::Bool(value) => quote!(#rt::Literal::Bool(#value)),
        Literal::Int(value) => quote!(#rt::Literal::Int(#value)),
        Literal::Float(value) => {
            let value = value.0;
            quote!(#rt::Literal::Float(#value))
        }
        Literal::Text(value) => quote!(#rt::Literal::Text(#value)),
    }
}

/// The table of all endpoints.
pub(crate) fn emit(context: &Context<'_>) -> TokenStream {
    let rt = &context.rt;
    let rows = context.api.groups.iter().flat_map(|group| {
        group
            .endpoints
            .iter()
            .map(move |endpoint| row(context, group, endpoint))
    });
    quote! {
        /// All endpoints, for programs that call them by name.
        pub static ENDPOINTS: &[#rt::Endpoint] = &[#(#rows),*];
    }
}

fn row(context: &Context<'_>, group: &Group, endpoint: &Endpoint) -> TokenStream {
    let rt = &context.rt;
    let (module, request, doc) = (ident(&group.rust), ident(&endpoint.request), &endpoint.doc);
    let fields = |fields: &[Field], place: TokenStream| -> Vec<_> {
        let fields = fields.iter();
        fields.map(|item| field(context, item, &place)).collect()
    };
    let path = fields(&endpoint.parameters, quote!(Path));
    let query = fields(&endpoint.query, quote!(Query));
    let headers = fields(&endpoint.headers, quote!(Header));
    let body = fields(endpoint.body.fields(), quote!(Body));
    quote! {
        #rt::Endpoint {
            operation: #module::#request::OPERATION,
            doc: #doc,
            fields: &[#(#path,)* #(#query,)* #(#headers,)* #(#body,)*],
        }
    }
}

fn field(context: &Context<'_>, field: &Field, place: &TokenStream) -> TokenStream {
    let rt = &context.rt;
    let (name, doc, ty) = (
        field.wire.as_str(),
        doc(context, field),
        types::written(&field.ty),
    );
    let required = field.is_required();
    let kind = kind(types::required(&field.ty));
    let join = types::option(field.join);
    let default = types::option(limits::written(field));
    let bounds = types::option(limits::bounds(context, &field.bounds));
    quote! {
        #rt::Field {
            name: #name,
            doc: #doc,
            ty: #ty,
            kind: #rt::FieldKind::#kind,
            required: #required,
            place: #rt::Place::#place,
            join: #join,
            default: #default,
            bounds: #bounds,
        }
    }
}

/// What the field means; where the spec says nothing of it, what it says of its type.
fn doc(context: &Context<'_>, field: &Field) -> String {
    let api = context.api;
    if !field.doc.is_empty() {
        return field.doc.clone();
    }
    match types::required(&field.ty) {
        Type::Id(name) => {
            let id = api.ids.iter().find(|id| id.name == *name);
            id.map(|id| id.doc.clone()).unwrap_or_default()
        }
        Type::Enum(name) => {
            let item = api.enums.iter().find(|item| item.name == *name);
            item.map(values).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// What an enumeration is, and its words.
fn values(item: &Enum) -> String {
    let words: Vec<_> = item
        .values
        .iter()
        .map(|value| format!("`{}`", value.wire))
        .collect();
    format!("{} One of {}.", item.doc, words.join(", "))
        .trim_start()
        .to_owned()
}

fn kind(ty: &Type) -> TokenStream {
    match ty {
        Type::Builtin(Builtin::Uint) => quote!(Uint),
        Type::Float
        | Type::Builtin(
            Builtin::UnixSeconds | Builtin::UnixMillis | Builtin::Seconds | Builtin::Millis,
        ) => quote!(Float),
        Type::String | Type::Id(_) | Type::Enum(_) | Type::Builtin(_) => quote!(Text),
        Type::Bool => quote!(Bool),
        Type::Int => quote!(Int),
        Type::File => quote!(File),
        Type::Json
        | Type::Struct(_)
        | Type::Union(_)
        | Type::Optional(_)
        | Type::Nullable(_)
        | Type::List(_)
        | Type::Map(_) => quote!(Json),
    }
}
