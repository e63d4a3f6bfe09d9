//! Operations as endpoints.

mod base;
mod credential;
mod draft;
mod errors;
mod groups;
mod header_names;
mod headers;
mod importer;
mod media_type;
mod null;
mod parameters;
mod path;
mod raw_body;
mod request_body;
mod response_media;
mod responses;
mod security;
mod servers;
mod streams;
mod styles;
mod successes;

pub(super) use draft::draft;
