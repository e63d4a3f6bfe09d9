//! Servers that nobody of this project wrote, driven by the descriptions in `specs/`.
//!
//! What they are is fetched when it is not there: see `setup`.

mod etcd;
mod nats;
mod registry;
mod running;
mod setup;
