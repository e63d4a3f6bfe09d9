//! Random faults.

use fastrand::Rng;

use crate::mock::{Endpoint, Fault, Response, Step};
use Step::{Execute, Fin, Read, ReadAll, ReadHead, Reset, RespondWith, Stall, Truncate};

/// One in this many requests fails.
const REQUESTS_PER_FAULT: u32 = 8;

/// One in this many failures is a stall. Stalls take real time.
const FAULTS_PER_STALL: u32 = 100;

/// Returns an injector that derives the steps for a request from a seed.
pub(crate) fn from_seed(
    seed: u64,
) -> impl Fn(Endpoint, usize) -> Option<Fault> + Send + Sync + 'static {
    move |endpoint, nth| {
        let request = (endpoint as u64) << 32 | nth as u64;
        let mut random = Rng::with_seed(seed ^ request.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        (random.u32(..REQUESTS_PER_FAULT) == 0).then(|| random_fault(&mut random))
    }
}

fn random_fault(random: &mut Rng) -> Fault {
    if random.u32(..FAULTS_PER_STALL) == 0 {
        return [ReadAll, Execute, Stall].into();
    }
    let end = if random.bool() { Fin } else { Reset };
    match random.u32(..16) {
        0 => [Read(random.usize(..150)), end].into(),
        1 => [ReadHead, end].into(),
        2 => [ReadAll, end].into(),
        3 => [ReadAll, Execute, end].into(),
        4 => [
            ReadAll,
            Execute,
            Truncate(Response::bytes, random.usize(..60)),
            end,
        ]
        .into(),
        5 => [ReadAll, Execute, RespondWith(truncated_body), end].into(),
        6 => [ReadAll, Execute, Step::Respond, end].into(),
        7 => retry_after(503, random),
        8 => retry_after(429, random),
        9 => [ReadAll, error(500, "ClusterNotReadyException: x")].into(),
        10 => [ReadAll, Execute, error(502, "x")].into(),
        11 => [ReadAll, error(504, "x")].into(),
        12 => [ReadAll, Execute, error(500, "Unexpected error")].into(),
        13 => [
            ReadAll,
            Execute,
            RespondWith(|response| response.with(&[], &response.body[1..])),
        ]
        .into(),
        14 => [ReadAll, Execute, Step::send("HTTP/1.1 2"), end].into(),
        _ => [ReadAll, error(400, "BadRequest: x")].into(),
    }
}

fn truncated_body(response: &Response) -> Vec<u8> {
    let half = response.head_len() + response.body.len() / 2;
    response.bytes()[..half].to_vec()
}

fn retry_after(status: u16, random: &mut Rng) -> Fault {
    let delay = format!("retry-after: {}", random.u32(..4));
    let response = Response::empty(status).with(&[&delay], b"{}");
    [ReadAll, Step::send(response)].into()
}

fn error(status: u16, message: &str) -> Step {
    let response = Response::error(status, message);
    Step::send(response.with(&[], &response.body))
}
