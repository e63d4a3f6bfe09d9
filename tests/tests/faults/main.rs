//! What clients make of faults between them and a server whose own state tells the truth.

mod capture;
mod cell;
mod connections;
mod contexts;
mod cuts;
mod deadlines;
mod gzip;
mod matrix;
mod mock;
mod redirects;
mod rig;
mod sequences;
mod tls;
mod uploads;
