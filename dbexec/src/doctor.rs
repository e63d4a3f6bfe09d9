//! `dbexec doctor`: tests the connection to a workspace step by step.
//!
//! ```text
//! doctor ─▶ network (proxy, TCP, TLS) ─▶ certificate ─▶ der
//!   ├─────▶ clock, credentials
//!   ├─────▶ workspace (cluster, context)
//!   └─────▶ report ─▶ step
//! ```

mod certificate;
mod clock;
mod credentials;
mod der;
mod network;
mod report;
mod step;
mod workspace;

use generated_client::{Client, Interrupt, Settings};

use self::clock::ServerClock;
use self::report::Report;
use self::step::Step;
use crate::cli::DoctorArgs;
use crate::error::CliError;
use crate::{interrupt, setting_origin, target};

/// Runs all steps and prints them. The error is that of the first failed step.
pub(crate) fn doctor(args: &DoctorArgs) -> Result<(), CliError> {
    let mut report = Report::new(args.output);
    let interrupt = interrupt::on_signals(())?;
    test(args, &interrupt, &mut report)?;
    report.finish()
}

fn test(args: &DoctorArgs, interrupt: &Interrupt, report: &mut Report) -> Result<(), CliError> {
    let settings = match resolve(args) {
        Ok(settings) => settings,
        Err(error) => {
            let step = Step::failed("settings", &error)
                .help("dbexec config init --host URL, which writes a profile with host and token");
            report.add(step)?;
            return report.skip(&step::AFTER_SETTINGS, "no settings");
        }
    };
    let clock = ServerClock::default();
    let client = match client(args, &settings, interrupt, &clock) {
        Ok(client) => client,
        Err(error) => {
            report.add(Step::failed("settings", &error))?;
            return report.skip(&step::AFTER_SETTINGS, "invalid settings");
        }
    };
    report.add(Step::ok("settings", origin(&settings)))?;
    let builder = target::client_builder(&settings, args.workspace.allow_plain_http);
    let inspection = network::inspect(builder)?;
    if !network::report_connection(report, &settings, &inspection)? {
        return report.skip(&step::AFTER_TCP, "no connection");
    }
    let response = workspace::authenticate(&client);
    if !network::report_tls(report, &settings, &inspection, response.as_ref().err())? {
        return report.skip(&step::AFTER_TLS, "no connection");
    }
    report.add(clock.step())?;
    if !report.add(credentials::step(&settings, response.as_ref().err()))? {
        return report.skip(&step::AFTER_CREDENTIALS, "no valid credentials");
    }
    let Some(name) = args.cluster.as_ref().or(settings.cluster_id.as_ref()) else {
        return report.skip(
            &step::AFTER_CREDENTIALS,
            "no cluster specified (`--cluster`)",
        );
    };
    let versions = response.unwrap_or_default();
    match workspace::report_cluster(report, &client, name, &versions)? {
        Some(id) => workspace::report_context(report, &client, &settings, &args.workspace, &id),
        None => report.skip(&step::AFTER_CLUSTER, "the cluster does not run"),
    }
}

fn resolve(args: &DoctorArgs) -> Result<Settings, CliError> {
    target::resolve(&target::config(&args.workspace), &args.workspace, "")
}

fn client(
    args: &DoctorArgs,
    settings: &Settings,
    interrupt: &Interrupt,
    clock: &ServerClock,
) -> Result<Client, CliError> {
    let clock = clock.clone();
    let builder = target::client_builder(settings, args.workspace.allow_plain_http)
        .interrupt(interrupt.clone())
        .observe(move |event| clock.add(event));
    target::build(builder)
}

/// Formats the host and its origin.
fn origin(settings: &Settings) -> String {
    let entry = settings.entries().iter().find(|entry| entry.name == "host");
    match entry {
        Some(entry) => {
            let origin = setting_origin::with_selection(settings, entry);
            format!("{} ({origin})", settings.host)
        }
        None => settings.host.clone(),
    }
}
