//! Recursive types: a type must not contain itself without an optional field, a list or a map in between.
//! The checks follow the fields that are not in a `Box`.

use crate::diagnostics::messages::types as messages;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::lower::draft::{Contained, Draft};

/// Maximum number of fields of a cycle that are labeled.
const MAX_LABELS: usize = 6;

pub(super) fn check(draft: &mut Draft<'_>, diagnostics: &mut Diagnostics) {
    let contained: Vec<&[Contained]> = draft
        .types
        .iter()
        .map(|declared| declared.contains.as_slice())
        .collect();
    let mut walk = Walk {
        contained: &contained,
        state: vec![State::New; contained.len()],
        path: Vec::new(),
    };
    let mut cycles = Vec::new();
    for start in 0..contained.len() {
        walk.visit(start, |cycle| {
            let (node, edge) = cycle[0];
            cycles.push((contained[node][edge].target, diagnose(draft, cycle)));
        });
    }
    for (index, diagnostic) in cycles {
        draft.types[index].status = Err(diagnostics.report(diagnostic));
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    /// On the path, at this index.
    Open(usize),
    Done,
}

/// A depth-first walk. The path is a list, because a recursive walk would overflow the stack on a long
/// chain of types.
struct Walk<'c> {
    contained: &'c [&'c [Contained]],
    state: Vec<State>,
    /// Types, and the index of the contained type that is followed.
    path: Vec<(usize, usize)>,
}

impl Walk<'_> {
    fn visit(&mut self, start: usize, mut report: impl FnMut(&[(usize, usize)])) {
        if self.state[start] == State::New {
            self.enter(start);
        }
        while let Some(&(node, edge)) = self.path.last() {
            let Some(&Contained { target, .. }) = self.contained[node].get(edge) else {
                self.leave(node);
                continue;
            };
            match self.state[target] {
                State::New => self.enter(target),
                State::Open(index) => {
                    report(&self.path[index..]);
                    self.advance();
                }
                State::Done => self.advance(),
            }
        }
    }

    fn enter(&mut self, node: usize) {
        self.state[node] = State::Open(self.path.len());
        self.path.push((node, 0));
    }

    fn leave(&mut self, node: usize) {
        self.state[node] = State::Done;
        self.path.pop();
        self.advance();
    }

    fn advance(&mut self) {
        if let Some((_, edge)) = self.path.last_mut() {
            *edge += 1;
        }
    }
}

fn diagnose(draft: &Draft<'_>, cycle: &[(usize, usize)]) -> Diagnostic {
    let name = |node: usize| draft.types[node].entry.key.as_str();
    let edge = |&(node, edge): &(usize, usize)| draft.types[node].contains[edge];
    let labels = cycle.iter().take(MAX_LABELS).map(|step| {
        let Contained { target, span, .. } = edge(step);
        (span, messages::contains(name(target)))
    });
    let names = cycle.iter().map(|&(node, _)| name(node));
    messages::infinite_type(&names.collect::<Vec<_>>(), labels.collect())
}
