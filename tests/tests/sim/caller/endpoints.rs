//! Calls of the functions for single endpoints.

use std::time::Duration;

use api_runtime::{Error, ErrorKind, Interrupt, Wait};
use generated_client::{ContextId, Language, Upload, commands, contexts};

use super::{CLUSTER, Caller, code};
use crate::plan::DirectPlan;
use crate::request::Endpoint;

/// The first poll of a wait has this time even if the timeout is shorter.
const MIN_FIRST_POLL: Duration = Duration::from_millis(500);

impl Caller<'_> {
    pub(super) fn call_endpoints(&self, plan: DirectPlan) {
        let create = contexts::Create::new(CLUSTER, Language::Python);
        let created = self.call("contexts::create", Endpoint::Create, || {
            contexts::create(&self.client, &create)
        });
        let Ok(context) = created else { return };
        let ready = self.wait("contexts::wait_for_create", plan.wait, |wait| {
            contexts::wait_for_create(&self.client, &create, &context, wait).map(drop)
        });
        if ready.is_ok() {
            self.execute(plan, &context.id);
        }
        // The caller cleans up without a limit.
        let client = self.client.with_interrupt(Interrupt::new());
        let client = client.deadline(None);
        let destroy = contexts::Destroy::new(CLUSTER, &context.id);
        let span = self.begin("contexts::destroy");
        let result = contexts::destroy(&client, &destroy);
        span.end(&result);
        if let Err(error) = result {
            span.check_call(Endpoint::Destroy, &error);
        }
    }

    fn execute(&self, plan: DirectPlan, context: &ContextId) {
        let (client, code) = (&self.client, code(0));
        if plan.is_file {
            let file = Upload::bytes("job.py", code);
            let request = commands::ExecuteFile::new(CLUSTER, context, Language::Python, file);
            let command = self.call("commands::execute_file", Endpoint::Execute, || {
                commands::execute_file(client, &request)
            });
            let Ok(command) = command else { return };
            drop(
                self.wait("commands::wait_for_execute_file", plan.wait, |wait| {
                    commands::wait_for_execute_file(client, &request, &command, wait).map(drop)
                }),
            );
            return;
        }
        let request = commands::Execute::new(CLUSTER, context, Language::Python, code);
        let command = self.call("commands::execute", Endpoint::Execute, || {
            commands::execute(client, &request)
        });
        let Ok(command) = command else { return };
        if plan.cancels {
            let cancel = commands::Cancel::new(CLUSTER, context, &command.id);
            let canceled = self.call("commands::cancel", Endpoint::Cancel, || {
                commands::cancel(client, &cancel)
            });
            if canceled.is_ok() {
                drop(self.wait("commands::wait_for_cancel", plan.wait, |wait| {
                    commands::wait_for_cancel(client, &cancel, wait).map(drop)
                }));
            }
            return;
        }
        drop(self.wait("commands::wait_for_execute", plan.wait, |wait| {
            commands::wait_for_execute(client, &request, &command, wait).map(drop)
        }));
    }

    /// Calls one endpoint and checks the result.
    fn call<T>(
        &self,
        name: &'static str,
        endpoint: Endpoint,
        call: impl FnOnce() -> Result<T, Error>,
    ) -> Result<T, Error> {
        let span = self.begin(name);
        let result = call();
        span.end(&result);
        span.check_limits(Duration::ZERO);
        if let Some(timeout) = self.settings.timeout {
            span.check_end("timeout of the call", span.began() + timeout);
        }
        if let Err(error) = &result {
            span.check_call(endpoint, error);
        }
        result
    }

    /// Waits and checks the result.
    fn wait(
        &self,
        name: &'static str,
        timeout: Duration,
        wait: impl FnOnce(Wait) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let span = self.begin(name);
        let result = wait(Wait::new().timeout(timeout));
        span.end(&result);
        span.check_limits(Duration::ZERO);
        let deadline = self.settings.deadline.unwrap_or(Duration::MAX);
        let end = span.began() + timeout;
        span.check_end(
            "timeout of the wait",
            end.max(span.began() + MIN_FIRST_POLL),
        );
        if let Err(error) = &result {
            let is_early = self.world.lock().now() < end.min(deadline);
            if error.kind() == ErrorKind::WaitTimeout && is_early {
                self.world
                    .lock()
                    .find(format!("{name}: timed out too early: {error}"));
            }
        }
        result
    }
}
