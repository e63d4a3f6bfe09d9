//! Proxy, TCP and TLS.

use std::time::{Duration, SystemTime};

use generated_client::api_runtime::ClientBuilder;
use generated_client::api_runtime::transport::Inspection;
use generated_client::{Error, Settings};

use super::certificate::{self, Contents};
use super::report::Report;
use super::step::Step;
use crate::error::{CliError, Exit, with_sources};

/// Maximum time for the connection.
const TIMEOUT: Duration = Duration::from_secs(10);

const CA_FILE_HELP: &str =
    "--ca-file FILE or SSL_CERT_FILE=FILE with the certificate of this authority";

/// Connects to the server and closes the connection.
pub(super) fn inspect(builder: ClientBuilder) -> Result<Inspection, CliError> {
    Ok(builder.inspect(TIMEOUT)?)
}

/// Reports the steps `proxy` and `name, tcp`. Returns whether there is a connection.
pub(super) fn report_connection(
    report: &mut Report,
    settings: &Settings,
    inspection: &Inspection,
) -> Result<bool, CliError> {
    let error = inspection
        .error
        .as_ref()
        .filter(|_| !inspection.is_connected);
    let is_ok = match (&inspection.proxy, error) {
        (None, _) => report.add(Step::ok("proxy", "none for this host"))?,
        (Some(proxy), None) => report.add(Step::ok("proxy", proxy_text(settings, proxy)))?,
        (Some(proxy), Some(error)) => {
            let step = failed("proxy", error).detail(proxy_text(settings, proxy));
            let host = settings.host.split("://").nth(1).unwrap_or_default();
            let direct = format!("NO_PROXY={host} for a direct connection");
            let step = if with_sources(error).contains("407") {
                step.help("user and password in the URL of the proxy")
            } else {
                step.help("check the host and the port of the proxy, and whether it needs a user and password")
            };
            report.add(step.help(direct))?
        }
    };
    if !is_ok {
        return report
            .add(Step::skipped(
                "name, tcp",
                "no connection through the proxy",
            ))
            .map(|_| false);
    }
    match (error, inspection.address, inspection.tcp_time) {
        (Some(error), ..) => report.add(
            failed("name, tcp", error)
                .help("check the host, the network, and whether a proxy is needed (HTTPS_PROXY)"),
        ),
        (None, Some(address), Some(time)) => {
            let through = if inspection.proxy.is_some() {
                " (proxy)"
            } else {
                ""
            };
            let millis = time.as_millis();
            report.add(Step::ok(
                "name, tcp",
                format!("{address}{through}, {millis} ms"),
            ))
        }
        (None, ..) => report.add(Step::ok("name, tcp", "connected")),
    }
}

/// Formats the URL of the proxy, without user and password.
fn proxy_text(settings: &Settings, proxy: &str) -> String {
    let mut variables = settings.network_variables.redacted();
    match variables.find(|(name, _)| proxy.contains(&format!("`{name}`"))) {
        Some((name, url)) => format!("{url} ({name})"),
        None => proxy.to_owned(),
    }
}

/// Reports the step `tls`, given the error of the first request. Returns whether there is a connection.
pub(super) fn report_tls(
    report: &mut Report,
    settings: &Settings,
    inspection: &Inspection,
    error: Option<&Error>,
) -> Result<bool, CliError> {
    if !settings.host.starts_with("https:") {
        return report.add(Step::skipped("tls", "the host is http"));
    }
    let now = SystemTime::now();
    let tls = inspection.tls.as_ref();
    let leaf = tls.and_then(|tls| certificate::read(tls.certificates.first()?));
    let version = tls.and_then(|tls| tls.version).unwrap_or("unknown version");
    if let Some(error) = error.filter(|error| error.is_certificate()) {
        return report.add(untrusted(error, leaf.as_ref(), now));
    }
    match (leaf, &inspection.error) {
        (Some(leaf), _) => report.add(Step::ok(
            "tls",
            format!(
                "{version}, issuer {}, {} days left",
                leaf.issuer,
                certificate::days(now, leaf.not_after)
            ),
        )),
        (None, Some(error)) => report.add(
            failed("tls", error)
                .help("check that the host and the port are those of an https server"),
        ),
        (None, None) => report.add(Step::ok("tls", version)),
    }
}

/// Creates the step of a certificate that is not valid.
fn untrusted(error: &Error, leaf: Option<&Contents>, now: SystemTime) -> Step {
    let message = with_sources(error);
    let exit = Exit::ServiceError;
    let Some(leaf) = leaf else {
        return Step::failed_with("tls", exit, &message).help(CA_FILE_HELP);
    };
    let issuer = &leaf.issuer;
    if leaf.not_after < now {
        let days = certificate::days(leaf.not_after, now);
        let text = format!("the certificate expired {days} days ago (issuer \"{issuer}\")");
        return Step::failed_with("tls", exit, &text)
            .help("the administrator of the server, or the clock of this machine");
    }
    if now < leaf.not_before {
        let days = certificate::days(now, leaf.not_before);
        let text = format!("the certificate is valid in {days} days only (issuer \"{issuer}\")");
        return Step::failed_with("tls", exit, &text).help("the clock of this machine");
    }
    if message.contains("not valid for name") {
        return Step::failed_with("tls", exit, "the certificate is for another host")
            .detail(message)
            .help("the name in `--host`; addresses are rarely part of a certificate");
    }
    Step::failed_with("tls", exit, &format!("issuer \"{issuer}\" is not trusted"))
        .detail(message)
        .detail("a proxy probably inspects TLS, or the server has a private certificate authority")
        .help(CA_FILE_HELP)
}

fn failed(name: &'static str, error: &Error) -> Step {
    Step::failed(name, &CliError::request(error))
}
