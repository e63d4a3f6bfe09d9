//! Second phase: from the spec as written to a draft of the model. Names are derived, types resolved
//! and paths joined.
//!
//! Every item is lowered on its own, and all of its errors are reported. `check` compares the items
//! with each other, then [`add_pages`] and [`add_waiters`] lower the parts of endpoints that refer to
//! other items, and [`Draft::finish`](draft::Draft::finish) keeps the valid items.

mod auth;
mod base_url;
mod bodies;
mod cases;
mod context;
mod declared;
mod defaults;
pub(crate) mod draft;
mod endpoints;
mod event_streams;
mod field_paths;
mod fields;
mod finish;
mod index;
mod kinds;
mod named_events;
mod names;
mod page_kind;
mod pages;
mod paths;
mod response_bodies;
mod responses;
mod retry;
mod shared;
mod stubs;
mod styles;
mod types;
mod variant_names;
mod wait_bindings;
mod wait_statuses;
mod waiters;
mod with;

pub(crate) use pages::add_pages;
pub(crate) use waiters::add_waiters;

use context::Context;
use draft::Draft;

use crate::diagnostics::Diagnostics;
use crate::read::raw::Spec;

/// Lowers every item of a spec.
pub(crate) fn lower<'r>(spec: &'r Spec, diagnostics: &mut Diagnostics) -> Draft<'r> {
    let mut cx = Context::new(spec, diagnostics);
    let auth = auth::lower_api_auth(&mut cx, spec);
    let mut types = declared::lower_types(&mut cx, spec);
    with::add_shared_fields(&mut cx, &mut types);
    Draft {
        spec,
        types,
        endpoints: endpoints::lower_endpoints(&mut cx, spec, &auth),
        url: base_url::lower_url(&mut cx, spec),
        auth: auth.ok().flatten(),
    }
}
