//! What goes wrong.

use fastrand::Rng;

use crate::mock::{Answer, Endpoint, Fault, Step};
use Step::{Cut, Execute, Fin, Head, Reset, Rewrite, Stall, Take, Whole};

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
        return [Whole, Execute, Stall].into();
    }
    let end = if random.bool() { Fin } else { Reset };
    match random.u32(..16) {
        0 => [Take(random.usize(..150)), end].into(),
        1 => [Head, end].into(),
        2 => [Whole, end].into(),
        3 => [Whole, Execute, end].into(),
        4 => [Whole, Execute, Cut(Answer::bytes, random.usize(..60)), end].into(),
        5 => [Whole, Execute, Rewrite(half_body), end].into(),
        6 => [Whole, Execute, Step::Answer, end].into(),
        7 => refusal(503, random),
        8 => refusal(429, random),
        9 => [Whole, words(500, "ClusterNotReadyException: x")].into(),
        10 => [Whole, Execute, words(502, "x")].into(),
        11 => [Whole, words(504, "x")].into(),
        12 => [Whole, Execute, words(500, "Unexpected error")].into(),
        13 => [
            Whole,
            Execute,
            Rewrite(|answer| answer.with(&[], &answer.body[1..])),
        ]
        .into(),
        14 => [Whole, Execute, Step::send("HTTP/1.1 2"), end].into(),
        _ => [Whole, words(400, "BadRequest: x")].into(),
    }
}

fn half_body(answer: &Answer) -> Vec<u8> {
    let half = answer.head_length() + answer.body.len() / 2;
    answer.bytes()[..half].to_vec()
}

fn refusal(status: u16, random: &mut Rng) -> Fault {
    let pause = format!("retry-after: {}", random.u32(..4));
    let answer = Answer {
        status,
        body: Vec::new(),
    };
    [Whole, Step::send(answer.with(&[&pause], b"{}"))].into()
}

fn words(status: u16, words: &str) -> Step {
    let answer = Answer {
        status,
        body: Vec::new(),
    };
    let body = format!(r#"{{"error": "{words}"}}"#);
    Step::send(answer.with(&[], body.as_bytes()))
}
