//! A secret has no words of its own.

fn main() {
    let secret = api_runtime::Secret::new("dapi0123");
    println!("{secret}");
}
