//! The smallest description, in place.

api_runtime::api! { r#"
    [api]
    name = "Clock"
    doc = "Tells the time."

    [endpoints.time.show]
    doc = "Shows the time."
    http = "GET /time"
"#, derive = [PartialEq] }

fn main() {
    let request = time::Show::default();
    assert_eq!(request, time::Show::new());
}
