//! Lines of a description in place are counted from its first.

api_runtime::api! { r#"
    [api]
    name = "Clock"
    doc = "Tells the time."

    [endpoints.time.show]
    doc = "Shows the time."
    http = "GTE /time"
"# }

fn main() {}
