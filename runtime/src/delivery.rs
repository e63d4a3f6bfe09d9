//! Delivery of failed requests.

/// Delivery of a failed request: proof that the server has not processed it, or none.
///
/// A request that was [not processed](Self::NotProcessed) can be sent again without running twice.
/// If the delivery is [unknown](Self::Unknown), check its effect on the server before you repeat a
/// request that is not idempotent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// The server has not processed the request and cannot do so any more.
    ///
    /// This is only claimed where it is provable: no connection could be established, nothing was
    /// written to it, the server rejected the request with a 4xx status code, or the spec lists
    /// the message of the error as a refusal.
    NotProcessed,
    /// Some or all of the request was written, so the server may have processed it.
    Unknown,
}

impl Delivery {
    /// Combines the deliveries of two attempts: a later rejection does not undo an earlier attempt
    /// that may have been processed.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::NotProcessed, Self::NotProcessed) => Self::NotProcessed,
            _ => Self::Unknown,
        }
    }
}
