//! Faults of single requests, as timelines.

use std::time::Duration;

use fastrand::Rng;

use crate::coverage::Event;

/// A fault of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Refused,
    UnknownHost,
    ConnectStalled,
    WriteCut,
    LostBefore,
    LostAfter,
    SilentBefore,
    SilentAfter,
    Late,
    Duplicate,
    PortalBefore,
    PortalAfter,
    Redirect,
    ForeignBefore,
    ForeignAfter,
    Cut,
    Stall,
    Drip,
    Garbage,
    GatewayBefore,
    GatewayAfter,
    TooMany,
    RefusalListed,
    RefusalQuoted,
    FailureListed,
    Slow,
    Unauthorized,
    Forbidden,
    RevokedToken,
}

impl Fault {
    pub(crate) const ALL: [Self; 29] = [
        Self::Refused,
        Self::UnknownHost,
        Self::ConnectStalled,
        Self::WriteCut,
        Self::LostBefore,
        Self::LostAfter,
        Self::SilentBefore,
        Self::SilentAfter,
        Self::Late,
        Self::Duplicate,
        Self::PortalBefore,
        Self::PortalAfter,
        Self::Redirect,
        Self::ForeignBefore,
        Self::ForeignAfter,
        Self::Cut,
        Self::Stall,
        Self::Drip,
        Self::Garbage,
        Self::GatewayBefore,
        Self::GatewayAfter,
        Self::TooMany,
        Self::RefusalListed,
        Self::RefusalQuoted,
        Self::FailureListed,
        Self::Slow,
        Self::Unauthorized,
        Self::Forbidden,
        Self::RevokedToken,
    ];

    /// Returns the event of the fault, if it is certain to occur.
    pub(crate) fn event(self) -> Option<Event> {
        Some(match self {
            Self::Refused => Event::Refused,
            Self::UnknownHost => Event::UnknownHost,
            Self::ConnectStalled => Event::ConnectStalled,
            Self::WriteCut => Event::WriteCut,
            Self::LostBefore => Event::LostBefore,
            Self::LostAfter => Event::LostAfter,
            Self::SilentBefore => Event::SilentBefore,
            Self::SilentAfter => Event::SilentAfter,
            Self::PortalBefore | Self::PortalAfter => Event::Portal,
            Self::Redirect => Event::Redirected,
            Self::ForeignBefore | Self::ForeignAfter => Event::Foreign,
            Self::Cut => Event::BodyCut,
            Self::Stall => Event::BodyStalled,
            Self::Drip => Event::Dripped,
            Self::Garbage => Event::Garbage,
            Self::GatewayBefore => Event::GatewayBefore,
            Self::GatewayAfter => Event::GatewayAfter,
            Self::TooMany => Event::TooMany,
            Self::RefusalListed => Event::RefusalListed,
            Self::RefusalQuoted => Event::RefusalQuoted,
            Self::FailureListed => Event::FailureListed,
            Self::Slow => Event::Slow,
            Self::Forbidden => Event::Forbidden,
            // Counted where they take effect.
            Self::Late | Self::Duplicate | Self::Unauthorized | Self::RevokedToken => return None,
        })
    }
}

/// Timeline of a request. Times after `write_time` count from the end of the request.
#[derive(Clone, Debug)]
pub(crate) struct Timeline {
    pub(crate) connect: Connect,
    pub(crate) connect_time: Duration,
    pub(crate) write_time: Duration,
    /// `false` if the connection is reset in the middle of the request.
    pub(crate) is_written: bool,
    /// Times at which the request reaches the server: none, one, or more if a gateway repeats it.
    pub(crate) arrivals: Vec<Duration>,
    /// Rejects all current tokens before the request is processed.
    pub(crate) revokes_tokens: bool,
    /// Time of the head of the response.
    pub(crate) head: Option<Duration>,
    /// Time of the end of the response, or of the reset.
    pub(crate) end: Option<Duration>,
    pub(crate) reply: Reply,
}

/// Result of connecting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Connect {
    Succeeds,
    Refused,
    UnknownHost,
    Stalls,
}

/// End of a request that was written.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// The response of the server.
    Genuine,
    /// Part of the response of the server.
    Cut,
    /// A response that the server has not sent.
    Canned(Canned),
    /// The response to another request.
    Foreign,
    Garbage,
    Reset,
}

/// A response of a gateway.
#[derive(Clone, Debug)]
pub(crate) struct Canned {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<u64>,
    pub(crate) content_type: &'static str,
    pub(crate) body: String,
}

impl Timeline {
    /// Creates the timeline of a request without faults on a line with this round trip.
    pub(crate) fn healthy(random: &mut Rng, round_trip: Duration) -> Self {
        let round_trip = round_trip.mul_f64(0.5 + random.f64());
        // One request in four needs a new connection.
        let connect_time = match random.u32(..4) {
            0 => round_trip,
            _ => Duration::ZERO,
        };
        Self {
            connect: Connect::Succeeds,
            connect_time,
            write_time: round_trip / 8,
            is_written: true,
            arrivals: vec![round_trip / 2],
            revokes_tokens: false,
            head: Some(round_trip),
            end: Some(round_trip + round_trip / 8),
            reply: Reply::Genuine,
        }
    }

    /// Adds a fault.
    pub(crate) fn with(mut self, fault: Fault, random: &mut Rng) -> Self {
        match fault {
            Fault::Refused => self.connect = Connect::Refused,
            Fault::UnknownHost => self.connect = Connect::UnknownHost,
            Fault::ConnectStalled => self.connect = Connect::Stalls,
            Fault::WriteCut => self.is_written = false,
            Fault::LostBefore => self.unprocessed(Reply::Reset),
            Fault::LostAfter => self.reply = Reply::Reset,
            Fault::SilentBefore => {
                self.unprocessed(Reply::Reset);
                self.respond_at(None);
            }
            Fault::SilentAfter => self.respond_at(None),
            Fault::Late => self.delay(seconds(random, 1, 200)),
            Fault::Duplicate => {
                let later = seconds(random, 0, 100);
                self.arrivals.push(self.arrivals[0] + later);
            }
            Fault::PortalBefore => self.unprocessed(portal()),
            Fault::PortalAfter => self.reply = portal(),
            Fault::Redirect => self.reply = canned(302, None, "text/plain", ""),
            Fault::ForeignBefore => self.unprocessed(Reply::Foreign),
            Fault::ForeignAfter => self.reply = Reply::Foreign,
            Fault::Cut => self.reply = Reply::Cut,
            Fault::Stall => self.end = None,
            // One byte per half second never exceeds the timeout of a read.
            Fault::Drip => self.end = self.head.map(|head| head + seconds(random, 5, 400)),
            Fault::Garbage => self.reply = Reply::Garbage,
            Fault::GatewayBefore => self.unprocessed(gateway(random)),
            Fault::GatewayAfter => self.reply = gateway(random),
            Fault::TooMany => {
                let after = retry_after(random);
                self.unprocessed(canned(429, after, JSON, r#"{"error":"too many"}"#));
            }
            Fault::RefusalListed => {
                let status = [400, 500, 503][random.usize(..3)];
                let after = retry_after(random);
                let body = r#"{"error":"com.databricks.ClusterNotReadyException: wait"}"#;
                self.unprocessed(canned(status, after, JSON, body));
            }
            Fault::RefusalQuoted => {
                let body = r#"{"error":"your code printed: ClusterNotReadyException"}"#;
                self.reply = canned(500, None, JSON, body);
            }
            Fault::FailureListed => {
                let body = r#"{"error":"Unexpected error"}"#;
                self.reply = canned(500, retry_after(random), JSON, body);
            }
            Fault::Slow => self.delay(Duration::from_millis(random.u64(..20_000))),
            Fault::Unauthorized => {
                self.unprocessed(canned(401, None, JSON, r#"{"error":"Unauthenticated"}"#));
            }
            Fault::Forbidden => {
                self.unprocessed(canned(403, None, JSON, r#"{"error":"PermissionDenied"}"#));
            }
            Fault::RevokedToken => {
                self.revokes_tokens = true;
                // Slowly enough that a new token may already be refreshed again.
                if random.bool() {
                    self.delay(seconds(random, 0, 59));
                }
            }
        }
        self
    }

    fn unprocessed(&mut self, reply: Reply) {
        self.arrivals.clear();
        self.reply = reply;
    }

    fn respond_at(&mut self, time: Option<Duration>) {
        self.head = time;
        self.end = time;
    }

    fn delay(&mut self, delay: Duration) {
        for time in self
            .arrivals
            .iter_mut()
            .chain(&mut self.head)
            .chain(&mut self.end)
        {
            *time += delay;
        }
    }
}

const JSON: &str = "application/json";

fn canned(
    status: u16,
    retry_after: Option<u64>,
    content_type: &'static str,
    body: impl Into<String>,
) -> Reply {
    Reply::Canned(Canned {
        status,
        retry_after,
        content_type,
        body: body.into(),
    })
}

fn portal() -> Reply {
    let page = "<html><title>Welcome to the hotel</title></html>";
    canned(200, None, "text/html", page)
}

/// Returns an error of a gateway. Some repeat the request with its credentials.
fn gateway(random: &mut Rng) -> Reply {
    const LOST: &str = "upstream connect error or disconnect/reset before headers. reset reason: \
                        connection termination";
    let status = 500 + random.u16(..5);
    let after = retry_after(random);
    match random.u32(..4) {
        0 => canned(status, after, "text/plain", LOST),
        1 => canned(status, after, "text/html", format!("<html>{LOST}</html>")),
        2 => canned(status, after, JSON, format!(r#"{{"error":"{LOST}"}}"#)),
        _ => canned(status, after, JSON, ECHO),
    }
}

/// Body that is completed with the `Authorization` header of the request.
pub(crate) const ECHO: &str = r#"{"error":"lost: "#;

fn retry_after(random: &mut Rng) -> Option<u64> {
    (random.u32(..3) == 0).then(|| random.u64(..20))
}

fn seconds(random: &mut Rng, from: u64, to: u64) -> Duration {
    Duration::from_millis(random.u64(from * 1000..to * 1000))
}
