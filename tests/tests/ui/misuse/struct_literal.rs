//! Requests and responses are non-exhaustive: no struct literals, no patterns without `..`.

use generated_client::{Language, contexts};

fn main() {
    let _ = contexts::Create {
        cluster_id: "cluster".into(),
        language: Language::Python,
    };
}

fn take_apart(response: contexts::StatusResponse) {
    let contexts::StatusResponse { id, status } = response;
    let _ = (id, status);
}
