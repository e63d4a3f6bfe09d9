//! Time until the deadline.

use std::time::Duration;

use api_runtime::Client;

/// Returns whether the deadline of a client is later than the end of a pause.
pub(super) fn has_time(client: &Client, pause: Duration) -> bool {
    let deadline = client.current_deadline();
    deadline.is_none_or(|deadline| client.clock().now() + pause < deadline)
}
