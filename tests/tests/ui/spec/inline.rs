//! Line numbers of an inline spec are relative to its first line.

api_runtime::api! { r#"
    [api]
    name = "Clock"
    doc = "Clock of a server."

    [endpoints.time.show]
    doc = "Shows the time."
    http = "GTE /time"
"# }

fn main() {}
