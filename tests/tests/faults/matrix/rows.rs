//! All rows of the matrix.

mod connections;
mod invalid;
mod status;
mod valid;

use super::row::Row;

pub(crate) fn all() -> Vec<Row> {
    let mut rows = Vec::new();
    rows.extend(connections::broken_connections());
    rows.extend(connections::slow_servers());
    rows.extend(valid::unusual_responses());
    rows.extend(valid::unusual_framing());
    rows.extend(status::status_codes());
    rows.extend(status::gateways());
    rows.extend(status::requested_delays());
    rows.extend(status::messages_in_the_spec());
    rows.extend(invalid::invalid_bodies());
    rows.extend(invalid::large_or_corrupt_bodies());
    rows.extend(invalid::invalid_framing());
    rows.extend(invalid::invalid_heads());
    rows
}
