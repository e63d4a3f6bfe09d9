//! Operations as endpoints.

mod base;
mod draft;
mod errors;
mod groups;
mod headers;
mod importer;
mod media_type;
mod parameters;
mod path;
mod raw_body;
mod request_body;
mod responses;
mod security;
mod servers;
mod streams;
mod styles;

pub(super) use draft::draft;
