//! Proxies: which proxy is used for which URL.

mod choice;
mod no_proxy;
mod rules;
#[cfg(test)]
mod tests;
mod url;

pub use self::choice::Proxy;
pub(super) use self::rules::{ProxyAgent, ProxyRules};
