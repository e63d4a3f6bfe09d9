//! Tests of the rules, without a network.

mod no_proxy;
mod selection;
mod urls;
