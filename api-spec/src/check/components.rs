//! Strongly connected components of the types: the ones that contain each other.

use crate::lower::draft::Contained;

/// Returns the component of each type. Two types are in the same one if each contains the other.
///
/// The algorithm is Tarjan's. Its path is a list, because recursion would overflow the stack on a long chain
/// of types.
pub(super) fn components(edges: &[Vec<Contained>]) -> Vec<usize> {
    let mut search = Search {
        edges,
        order: vec![None; edges.len()],
        lowest: vec![0; edges.len()],
        component: vec![None; edges.len()],
        open: Vec::new(),
        path: Vec::new(),
        count: 0,
    };
    for node in 0..edges.len() {
        if search.order[node].is_none() {
            search.visit(node);
        }
    }
    let components = search.component.into_iter();
    components.map(Option::unwrap_or_default).collect()
}

struct Search<'e> {
    edges: &'e [Vec<Contained>],
    /// Number of each type in the order of the visits.
    order: Vec<Option<usize>>,
    /// Smallest number of an open type that is reachable.
    lowest: Vec<usize>,
    component: Vec<Option<usize>>,
    /// Types without a component, in the order of the visits.
    open: Vec<usize>,
    /// Types, and the index of the contained type that is next.
    path: Vec<(usize, usize)>,
    count: usize,
}

impl Search<'_> {
    fn visit(&mut self, start: usize) {
        self.enter(start);
        while let Some((node, edge)) = self.path.last_mut() {
            let (node, index) = (*node, *edge);
            *edge += 1;
            let Some(target) = self.edges[node].get(index).map(|edge| edge.target) else {
                self.leave(node);
                continue;
            };
            match (self.order[target], self.component[target]) {
                (None, _) => self.enter(target),
                (Some(order), None) => self.lowest[node] = self.lowest[node].min(order),
                (Some(_), Some(_)) => {}
            }
        }
    }

    fn enter(&mut self, node: usize) {
        self.order[node] = Some(self.count);
        self.lowest[node] = self.count;
        self.count += 1;
        self.open.push(node);
        self.path.push((node, 0));
    }

    fn leave(&mut self, node: usize) {
        self.path.pop();
        if let Some(&(parent, _)) = self.path.last() {
            self.lowest[parent] = self.lowest[parent].min(self.lowest[node]);
        }
        if self.order[node] != Some(self.lowest[node]) {
            return;
        }
        while let Some(member) = self.open.pop() {
            self.component[member] = Some(node);
            if member == node {
                break;
            }
        }
    }
}
