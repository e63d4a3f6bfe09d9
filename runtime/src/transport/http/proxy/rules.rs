//! Selection of the proxy for a URL.

use ureq::Agent;
use ureq::http::Uri;

use super::super::super::variables::NetworkVariables;
use super::choice::Proxy;
use super::no_proxy::NoProxy;
use super::url;
use crate::base_url::is_loopback;
use crate::error::{Error, ErrorKind};

/// Names of the variable of a scheme and then of all schemes, in the order of their precedence.
///
/// `HTTP_PROXY` is missing for the same reason as in curl: in a CGI program it is the header `Proxy` of
/// a request, so that any client could set it.
const HTTP: [&str; 3] = ["http_proxy", "all_proxy", "ALL_PROXY"];
const HTTPS: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
const NO_PROXY: [&str; 2] = ["no_proxy", "NO_PROXY"];

/// Proxy of each scheme, and the hosts that are contacted without one.
#[derive(Debug, Default)]
pub(in super::super) struct ProxyRules {
    http: Choice,
    https: Choice,
    no_proxy: NoProxy,
}

/// The proxy of a scheme, or the message of the error if it is invalid.
type Choice = Option<Result<ProxyAgent, String>>;

/// A proxy, and the agent that sends requests through it.
#[derive(Clone, Debug)]
pub(in super::super) struct ProxyAgent {
    pub(in super::super) agent: Agent,
    /// Origin for messages.
    pub(in super::super) origin: String,
    /// `true` if the connection to the proxy is encrypted.
    #[cfg(feature = "_tls")]
    pub(in super::super) is_https: bool,
    /// `true` if the proxy is on this machine.
    pub(in super::super) is_local: bool,
}

impl ProxyRules {
    /// Creates the rules for a configured proxy. `agent` creates the agent for a proxy.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`] if the URL of [`Proxy::Url`] is invalid. An invalid variable
    /// is an error of the URLs that it applies to.
    pub(in super::super) fn new(
        proxy: &Proxy,
        variables: Option<&NetworkVariables>,
        agent: &dyn Fn(ureq::Proxy) -> Agent,
    ) -> Result<Self, Error> {
        match (proxy, variables) {
            (Proxy::None, _) => Ok(Self::default()),
            (Proxy::Url(url), _) => {
                let proxy = url::parse(url).map_err(|reason| {
                    let message = format!("invalid proxy: {reason}");
                    Error::before_sending(ErrorKind::InvalidInput, message)
                })?;
                let proxy = ProxyAgent::new(proxy, "the configured proxy".into(), agent);
                Ok(Self {
                    http: Some(Ok(proxy.clone())),
                    https: Some(Ok(proxy)),
                    no_proxy: NoProxy::default(),
                })
            }
            (Proxy::Environment, Some(variables)) => Ok(Self::from_variables(variables, agent)),
            (Proxy::Environment, None) => Ok(Self::from_variables(
                &NetworkVariables::from_process(),
                agent,
            )),
        }
    }

    fn from_variables(variables: &NetworkVariables, agent: &dyn Fn(ureq::Proxy) -> Agent) -> Self {
        let no_proxy = variables.first(&NO_PROXY);
        Self {
            http: from_first(variables, &HTTP, agent),
            https: from_first(variables, &HTTPS, agent),
            no_proxy: no_proxy.map_or_else(NoProxy::default, |(_, value)| {
                NoProxy::parse(&value.to_string_lossy())
            }),
        }
    }

    /// Returns the proxy for a URL, or the message of the error if it is invalid.
    pub(in super::super) fn select(&self, uri: &Uri) -> Result<Option<&ProxyAgent>, &str> {
        let choice = match uri.scheme_str() {
            Some("https") => &self.https,
            _ => &self.http,
        };
        match choice {
            None => Ok(None),
            Some(_) if self.no_proxy.contains(uri.host().unwrap_or_default()) => Ok(None),
            Some(Ok(proxy)) => Ok(Some(proxy)),
            Some(Err(message)) => Err(message),
        }
    }
}

impl ProxyAgent {
    fn new(proxy: ureq::Proxy, origin: String, agent: &dyn Fn(ureq::Proxy) -> Agent) -> Self {
        Self {
            #[cfg(feature = "_tls")]
            is_https: proxy.protocol() == ureq::ProxyProtocol::Https,
            is_local: is_loopback(proxy.host()),
            agent: agent(proxy),
            origin,
        }
    }
}

fn from_first(
    variables: &NetworkVariables,
    names: &[&str],
    agent: &dyn Fn(ureq::Proxy) -> Agent,
) -> Choice {
    let (name, value) = variables.first(names)?;
    let proxy = match value.to_str() {
        Some(text) => url::parse(text),
        None => Err("the URL is not valid Unicode"),
    };
    Some(match proxy {
        Ok(proxy) => Ok(ProxyAgent::new(
            proxy,
            format!("the proxy in `{name}`"),
            agent,
        )),
        Err(reason) => Err(format!(
            "invalid proxy in the environment variable `{name}`: {reason}"
        )),
    })
}
