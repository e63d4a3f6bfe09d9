//! The spec language from end to end: generated functions, their requests and responses.

mod authentication;
mod bodies;
mod credentials;
mod dates_and_decimals;
mod defaults_and_bounds;
mod events;
mod fixed_values;
mod idempotency_keys;
mod lists_and_headers;
mod pages;
mod paths;
mod raw_json;
mod recursive_types;
mod response_headers_by_status;
mod responses;
mod selection;
mod server_text;
mod status_codes;
mod support;
mod time_limits;
mod timeouts;
mod types;
mod unions_by_keys;
mod unions_by_kind;
mod values_by_case;
