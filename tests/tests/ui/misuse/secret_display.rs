//! Secrets do not implement `Display`.

fn main() {
    let secret = api_runtime::Secret::new("dapi0123");
    println!("{secret}");
}
