//! Generated clients of the specs in `specs/` against the real servers.
//!
//! Servers that are not installed are downloaded: see `setup`.

mod etcd;
mod influxdb;
mod nats;
mod prometheus;
mod registry;
mod running;
mod setup;
