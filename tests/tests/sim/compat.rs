use std::cell::Cell;
use std::time::{Instant, Duration};
use api_runtime::{Client, Interrupt, transport::Limits};
thread_local! { static AT: Cell<Option<Instant>> = const { Cell::new(None) }; }
pub(crate) fn reset() { AT.set(None); }
pub(crate) trait InterruptExt { fn raise_at(&self, t: Instant); fn raised_at(&self) -> Option<Instant>; }
impl InterruptExt for Interrupt {
    fn raise_at(&self, t: Instant) { AT.set(Some(t)); self.raise(); }
    fn raised_at(&self) -> Option<Instant> { if self.is_raised() { AT.get() } else { None } }
}
pub(crate) trait ClientExt { fn deadline(&self, _: Option<Instant>) -> Client; }
impl ClientExt for Client { fn deadline(&self, _: Option<Instant>) -> Client { self.clone() } }
pub(crate) trait LimitsExt { fn end(&self, s: bool) -> Option<Instant>; }
impl LimitsExt for Limits { fn end(&self, _: bool) -> Option<Instant> { let _ = Duration::ZERO;
    let r = self.interrupt.as_ref().and_then(InterruptExt::raised_at); self.deadline.into_iter().chain(r).min() } }
