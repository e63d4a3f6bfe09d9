//! Tests of contexts that use Spark, over TCP. Most of them share one server and one cluster, whose
//! process starts once.

mod archives;
mod attach;
mod clusters;
mod dbfs;
mod hosts;
mod oldest;
mod programs;
mod python;
mod scala;
mod sql;
mod workspace;
