//! An id is made of text, not of numbers, and its insides are its own.

use generated_client::ContextId;

fn main() {
    let _: ContextId = 1793653964133248955_u64.into();
    let _ = ContextId("1793653964133248955".to_owned());
    let _ = ContextId::from("1793653964133248955").0;
}
