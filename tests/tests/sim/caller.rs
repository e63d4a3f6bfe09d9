//! The caller: the program that uses the client.

mod context;
mod endpoints;

use std::cell::Cell;
use std::time::Duration;

use api_runtime::auth::{CachedToken, ClientCredentials};
use api_runtime::{Client, Credentials, RetryPolicy};
use generated_client::Leftovers;

use crate::checks::Span;
use crate::clock::SimulatedClock;
use crate::coverage::Event;
use crate::network::SimulatedNetwork;
use crate::plan::{ClientPlan, Program};
use crate::workspace::{CODE, SECRET};
use crate::world::SharedWorld;

const CLUSTER: &str = "0123-456789-simulated";

/// Runs the program of the plan.
pub(crate) fn run(world: &SharedWorld) {
    let (settings, program, leftovers) = {
        let world = world.lock();
        let plan = &world.plan;
        (plan.client, plan.program.clone(), world.leftovers.clone())
    };
    let caller = Caller {
        world,
        leftovers,
        settings,
        client: client(world, settings),
        has_canceled: Cell::new(false),
    };
    match &program {
        Program::Context(plan) => caller.use_context(plan),
        Program::Direct(plan) => caller.call_endpoints(*plan),
    }
}

fn client(world: &SharedWorld, settings: ClientPlan) -> Client {
    let observer = world.clone();
    let mut locked = world.lock();
    let builder = Client::builder("https://workspace.example")
        .transport(SimulatedNetwork(world.clone()))
        .clock(SimulatedClock(world.clone()))
        .interrupt(locked.interrupt.clone())
        .observe(move |event| observer.lock().observe(event));
    let credentials = if settings.uses_oauth {
        let secret = format!("{SECRET}-of-the-client");
        let source = ClientCredentials::new("https://workspace.example/token", "id", secret);
        Ok(Credentials::custom(CachedToken::new(
            source.expect("valid"),
        )))
    } else {
        let token = format!("dapi{SECRET}");
        locked
            .workspace
            .accept(format!("Bearer {token}"), Duration::MAX);
        Credentials::bearer(token)
    };
    let origin = locked.instant_at(Duration::ZERO);
    drop(locked);
    let client = builder.credentials(credentials.expect("the token is valid"));
    let mut client = client.build().expect("the settings are valid");
    if let Some(attempts) = settings.attempts {
        client = client.retries(RetryPolicy::new().attempts(attempts));
    }
    let deadline = settings.deadline.map(|deadline| origin + deadline);
    client.timeout(settings.timeout).deadline(deadline)
}

struct Caller<'a> {
    world: &'a SharedWorld,
    settings: ClientPlan,
    client: Client,
    leftovers: Leftovers,
    /// Whether a command was canceled by its handle.
    has_canceled: Cell<bool>,
}

impl Caller<'_> {
    fn begin(&self, name: &'static str) -> Span<'_> {
        Span::begin(self.world, name)
    }

    fn count(&self, event: Event) {
        self.world.lock().events.insert(event);
    }
}

fn code(number: usize) -> String {
    format!("{CODE} #{number}")
}
