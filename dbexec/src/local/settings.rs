//! Arguments of `dbexec serve` that change the behavior of the server.

use std::fmt::Write as _;
use std::str::FromStr;

use local_server::{Fault, Faults, InvalidRate, Quirk};

/// A fault and its rate, for example `503-after:0.05`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct FaultRate {
    fault: Fault,
    rate: f64,
}

/// A quirk and its state, for example `null-results=off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct QuirkSetting {
    pub(crate) quirk: Quirk,
    pub(crate) is_on: bool,
}

impl FromStr for FaultRate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, rate) = text
            .split_once(':')
            .ok_or("expected `NAME:RATE`, for example `503-after:0.05`")?;
        let fault = Fault::from_name(name)
            .ok_or_else(|| unknown("fault", name, Fault::ALL.map(Fault::name)))?;
        let rate = rate
            .parse()
            .map_err(|_| format!("the rate `{rate}` is not a number between 0 and 1"))?;
        Faults::new(0)
            .rate(fault, rate)
            .map_err(|error| error.to_string())?;
        Ok(Self { fault, rate })
    }
}

impl FromStr for QuirkSetting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, state) = text
            .split_once('=')
            .ok_or("expected `NAME=on` or `NAME=off`, for example `null-results=off`")?;
        let quirk = Quirk::from_name(name)
            .ok_or_else(|| unknown("quirk", name, Quirk::ALL.map(Quirk::name)))?;
        let is_on = match state {
            "on" => true,
            "off" => false,
            _ => return Err(format!("expected `{name}=on` or `{name}=off`")),
        };
        Ok(Self { quirk, is_on })
    }
}

fn unknown<const N: usize>(kind: &str, name: &str, known: [&str; N]) -> String {
    format!(
        "unknown {kind} `{name}`, expected one of {}",
        known.join(", ")
    )
}

/// Combines rates. The last rate of a fault takes effect.
pub(crate) fn faults(seed: u64, rates: &[FaultRate]) -> Result<Faults, InvalidRate> {
    rates.iter().try_fold(Faults::new(seed), |faults, rate| {
        faults.rate(rate.fault, rate.rate)
    })
}

/// Lists the quirks and faults for `dbexec serve --help`.
pub(crate) fn help() -> String {
    let mut help =
        "Quirks of Databricks and their defaults, for `--quirk NAME=on|off`:\n".to_owned();
    for quirk in Quirk::ALL {
        let state = if quirk.is_default() { "on" } else { "off" };
        let (name, description) = (quirk.name(), quirk.description());
        let _ = writeln!(help, "  {name:<20}  {state:<3}  {description}");
    }
    help.push_str("\nFaults, for `--fault NAME:RATE`:\n");
    for fault in Fault::ALL {
        let (name, description) = (fault.name(), fault.description());
        let _ = writeln!(help, "  {name:<20}  {description}");
    }
    help.truncate(help.trim_end().len());
    help
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_and_quirks_are_parsed() {
        let rate: FaultRate = "503-after:0.25".parse().unwrap();
        assert_eq!((rate.fault, rate.rate), (Fault::UnavailableAfter, 0.25));
        let setting: QuirkSetting = "null-results=off".parse().unwrap();
        assert_eq!((setting.quirk, setting.is_on), (Quirk::NullResults, false));
    }

    #[test]
    fn errors_name_the_expected_values() {
        let error = |text: &str| text.parse::<FaultRate>().unwrap_err();
        assert!(error("503").contains("expected `NAME:RATE`"));
        assert!(error("502:1").contains("unknown fault `502`, expected one of 429, 503-before"));
        assert!(error("429:x").contains("the rate `x` is not a number"));
        assert!(error("429:1.5").contains("between 0 and 1"));
        let error = |text: &str| text.parse::<QuirkSetting>().unwrap_err();
        assert!(error("null-results").contains("expected `NAME=on`"));
        assert!(error("null=on").contains("unknown quirk `null`, expected one of cancel-is-"));
        assert!(error("null-results=1").contains("expected `null-results=on` or"));
    }

    #[test]
    fn sum_of_rates_is_checked() {
        let rates = ["429:0.6", "slow:0.6"].map(|text| text.parse().unwrap());
        assert!(faults(1, &rates).is_err());
    }
}
