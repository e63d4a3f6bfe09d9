//! Hosts that are contacted without a proxy.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Parsed value of `NO_PROXY`, with the semantics of curl.
#[derive(Clone, Debug, Default)]
pub(super) struct NoProxy {
    matches_all: bool,
    domains: Vec<String>,
    networks: Vec<Network>,
}

/// IP addresses with a common prefix.
#[derive(Clone, Copy, Debug)]
struct Network {
    address: IpAddr,
    prefix_bits: u32,
}

impl NoProxy {
    pub(super) fn parse(text: &str) -> Self {
        if text == "*" {
            return Self {
                matches_all: true,
                ..Self::default()
            };
        }
        let mut list = Self::default();
        for entry in text.split([',', ' ', '\t']) {
            if let Some(network) = Network::parse(entry) {
                list.networks.push(network);
                continue;
            }
            let domain = entry.strip_suffix('.').unwrap_or(entry);
            let domain = domain.strip_prefix('.').unwrap_or(domain);
            if !domain.is_empty() {
                list.domains.push(domain.to_owned());
            }
        }
        list
    }

    /// Returns whether the host of a URL is in the list. An IPv6 address may have brackets.
    pub(super) fn contains(&self, host: &str) -> bool {
        if self.matches_all {
            return true;
        }
        if let Ok(address) = without_brackets(host).parse::<IpAddr>() {
            let mut networks = self.networks.iter();
            return networks.any(|network| network.contains(address));
        }
        let host = host.strip_suffix('.').unwrap_or(host);
        self.domains.iter().any(|domain| is_within(host, domain))
    }
}

impl Network {
    fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = without_brackets(address).parse().ok()?;
        let max = match address {
            IpAddr::V4(_) => Ipv4Addr::BITS,
            IpAddr::V6(_) => Ipv6Addr::BITS,
        };
        let prefix_bits = match bits {
            None => max,
            Some(bits) if bits.bytes().all(|byte| byte.is_ascii_digit()) => bits.parse().ok()?,
            Some(_) => return None,
        };
        (prefix_bits <= max).then_some(Self {
            address,
            // In curl, zero bits are the address alone and not all addresses.
            prefix_bits: if prefix_bits == 0 { max } else { prefix_bits },
        })
    }

    fn contains(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let difference = network.to_bits() ^ address.to_bits();
                difference.leading_zeros() >= self.prefix_bits
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let difference = network.to_bits() ^ address.to_bits();
                difference.leading_zeros() >= self.prefix_bits
            }
            _ => false,
        }
    }
}

fn without_brackets(host: &str) -> &str {
    host.strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host)
}

/// Returns whether a host is a domain or one of its subdomains, regardless of case.
fn is_within(host: &str, domain: &str) -> bool {
    // Bytes, as a slice of the text could begin inside a character.
    let (host, domain) = (host.as_bytes(), domain.as_bytes());
    let Some(at) = host.len().checked_sub(domain.len()) else {
        return false;
    };
    host[at..].eq_ignore_ascii_case(domain) && (at == 0 || host[at - 1] == b'.')
}
