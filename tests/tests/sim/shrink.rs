//! Explanation of a life: its plan and its steps, without the faults that do not matter.

use std::fmt::Write as _;

use crate::life::{self, Report};
use crate::plan::Plan;

/// Returns the plan, the history and the findings of a life. If there are findings, faults and the
/// interrupt are removed as long as there still are some.
pub(crate) fn explain(seed: u64) -> String {
    let plan = shrink(Plan::new(seed));
    let report = life::run(plan.clone(), true);
    let mut text = format!("SIM_SEED={seed} cargo test -p tests --test sim\n\n{plan:#?}\n\n");
    for line in report.history {
        text.push_str(&line);
        text.push('\n');
    }
    for finding in report.findings {
        writeln!(text, "FOUND: {finding}").expect("writing to a string never fails");
    }
    text
}

fn shrink(mut plan: Plan) -> Plan {
    let Some(report) = failure(&plan) else {
        return plan;
    };
    let mut without_interrupt = plan.clone();
    without_interrupt.interrupt = None;
    if failure(&without_interrupt).is_some() {
        plan = without_interrupt;
    }
    let mut without_cancels = plan.clone();
    without_cancels.program = without_cancels.program.without_cancels();
    if failure(&without_cancels).is_some() {
        plan = without_cancels;
    }
    // Each request is a step; later steps of the shrunk life may differ.
    for step in 0..u32::try_from(report.requests * 2).unwrap_or(u32::MAX) {
        let mut candidate = plan.clone();
        candidate.healthy.insert(step);
        if failure(&candidate).is_some() {
            plan = candidate;
        }
    }
    plan
}

fn failure(plan: &Plan) -> Option<Report> {
    let report = life::run(plan.clone(), false);
    (!report.findings.is_empty()).then_some(report)
}
