//! A minimal inline spec.

api_runtime::api! { r#"
    [api]
    name = "Clock"
    doc = "Clock of a server."

    [endpoints.time.show]
    doc = "Shows the time."
    http = "GET /time"
"#, derive = [PartialEq] }

fn main() {
    let request = time::Show::default();
    assert_eq!(request, time::Show::new());
}
