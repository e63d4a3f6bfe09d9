//! Keys of `wait`.

use super::shared::TEXT;
use crate::language::table::{Key, KeyFormat, Kind, Table};

const BINDINGS: Kind = Kind::Map(KeyFormat::Any, &TEXT);

pub(super) static WAIT: Table = Table {
    name: "wait",
    title: "`wait`",
    keys: &[
        Key::required("poll", TEXT)
            .doc("Endpoint to poll, e.g. `jobs.get`.")
            .example("poll = \"group.endpoint\"")
            .aliases(&["endpoint", "call"]),
        Key::required("bind", BINDINGS)
            .doc("Sources of the required fields of the poll request, e.g. `request.id` or `response.run.id`.")
            .example("bind = { id = \"response.id\" }")
            .aliases(&["args", "params", "with"]),
        Key::required("field", TEXT)
            .doc("Field of the poll response with the status, an enum or `bool`, e.g. `state.phase`.")
            .example("field = \"status\"")
            .aliases(&["status", "state"]),
        Key::required("until", Kind::StatusList)
            .doc("Values that end the wait successfully.")
            .example("until = [\"done\"]")
            .aliases(&["success", "done"]),
        Key::optional("fail", Kind::StatusList)
            .doc("Values that end the wait with an error.")
            .example("fail = [\"failed\"]")
            .aliases(&["failure", "error", "errors"]),
        Key::optional("pending", Kind::StatusList)
            .doc("Values that continue the wait.")
            .example("pending = [\"running\"]")
            .aliases(&["while", "running"]),
    ],
};
