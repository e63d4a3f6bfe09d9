//! What goes wrong.

use fastrand::Rng;

use crate::mock::{Endpoint, Fault, Response, Step};
use Step::{Execute, Fin, Read, ReadAll, ReadHead, Reset, RespondWith, Stall, Truncate};

/// Of so many requests one meets a fault.
const ONE_IN: u32 = 8;

/// Of so many faults one is a stall, which takes real time.
const STALLS_ONE_IN: u32 = 100;

/// Whatever a seed makes of the n-th request to an endpoint.
pub(crate) fn of_seed(
    seed: u64,
) -> impl Fn(Endpoint, usize) -> Option<Fault> + Send + Sync + 'static {
    move |endpoint, nth| {
        let place = (endpoint as u64) << 32 | nth as u64;
        let mut random = Rng::with_seed(seed ^ place.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        (random.u32(..ONE_IN) == 0).then(|| one(&mut random))
    }
}

fn one(random: &mut Rng) -> Fault {
    if random.u32(..STALLS_ONE_IN) == 0 {
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
        5 => [ReadAll, Execute, RespondWith(half_body), end].into(),
        6 => [ReadAll, Execute, Step::Respond, end].into(),
        7 => refusal(503, random),
        8 => refusal(429, random),
        9 => [ReadAll, words(500, "ClusterNotReadyException: x")].into(),
        10 => [ReadAll, Execute, words(502, "x")].into(),
        11 => [ReadAll, words(504, "x")].into(),
        12 => [ReadAll, Execute, words(500, "Unexpected error")].into(),
        13 => [
            ReadAll,
            Execute,
            RespondWith(|response| response.with(&[], &response.body[1..])),
        ]
        .into(),
        14 => [ReadAll, Execute, Step::send("HTTP/1.1 2"), end].into(),
        _ => [ReadAll, words(400, "BadRequest: x")].into(),
    }
}

fn half_body(response: &Response) -> Vec<u8> {
    let half = response.head_len() + response.body.len() / 2;
    response.bytes()[..half].to_vec()
}

fn refusal(status: u16, random: &mut Rng) -> Fault {
    let pause = format!("retry-after: {}", random.u32(..4));
    let response = Response {
        status,
        body: Vec::new(),
    };
    [ReadAll, Step::send(response.with(&[&pause], b"{}"))].into()
}

fn words(status: u16, words: &str) -> Step {
    let response = Response {
        status,
        body: Vec::new(),
    };
    let body = format!(r#"{{"error": "{words}"}}"#);
    Step::send(response.with(&[], body.as_bytes()))
}
