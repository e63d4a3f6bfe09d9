//! Fault injection: results of the client compared with the state of a mock server.
//!
//! README.md explains rows and cells.

mod capture;
mod cell;
mod connections;
mod contexts;
mod cuts;
mod deadlines;
mod drips;
mod expiry;
mod gzip;
mod interrupts;
mod life;
mod limits;
mod matrix;
mod mock;
mod observed;
mod redirects;
mod rig;
mod sequences;
mod slow_uploads;
mod tls;
mod uploads;
