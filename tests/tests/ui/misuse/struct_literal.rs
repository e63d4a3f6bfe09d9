//! Requests and answers may get more fields: they are not written out, nor taken apart in full.

use generated_client::{Language, contexts};

fn main() {
    let _ = contexts::Create {
        cluster_id: "cluster".into(),
        language: Language::Python,
    };
}

fn take_apart(answer: contexts::StatusResponse) {
    let contexts::StatusResponse { id, status } = answer;
    let _ = (id, status);
}
