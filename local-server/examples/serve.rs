//! Starts a server and stops it at the end of standard input.
//!
//! ```sh
//! cargo run -p local-server --example serve -- 8000 secret
//! ```

use std::error::Error;
use std::io::{self, Read};

use local_server::{Options, Server};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut options = Options::new();
    if let Some(port) = arguments.next() {
        options = options.port(port.parse()?);
    }
    if let Some(token) = arguments.next() {
        options = options.token(token);
    }
    let server = Server::start(options)?;
    println!("{}", server.url());
    io::stdin().read_to_end(&mut Vec::new())?;
    server.stop();
    Ok(())
}
