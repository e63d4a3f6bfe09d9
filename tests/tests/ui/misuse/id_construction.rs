//! Ids are created from text, not from numbers, and their field is private.

use generated_client::ContextId;

fn main() {
    let _: ContextId = 1793653964133248955_u64.into();
    let _ = ContextId("1793653964133248955".to_owned());
    let _ = ContextId::from("1793653964133248955").0;
}
