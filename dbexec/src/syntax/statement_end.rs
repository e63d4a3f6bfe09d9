//! Where a statement of SQL ends.

use super::{Kind, Token};

/// Role of a token in the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenRole {
    /// Line end or comment.
    Space,
    /// Part of a statement.
    Part,
    /// `;` after a statement, or between two others.
    Separator,
}

/// Finds the ends of statements, from token to token. In a script `BEGIN … END`, `;` ends no statement.
#[derive(Debug, Default)]
pub(crate) struct StatementEnd {
    /// Depth of `BEGIN … END` and `CASE … END` in a script.
    depth: usize,
    /// Number of the tokens of the statement.
    count: usize,
    /// The second token is a colon, so that the first one may be the label of a script.
    has_label: bool,
    /// The statement may create a procedure.
    has_procedure: bool,
    last: Word,
}

/// Last token of the statement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Word {
    As,
    Begin,
    End,
    #[default]
    Other,
}

impl StatementEnd {
    /// Adds the next token.
    pub(super) fn push(&mut self, kind: Kind, text: &str) -> TokenRole {
        if matches!(kind, Kind::Comment | Kind::LineEnd) {
            return TokenRole::Space;
        }
        if kind == Kind::Symbol && text == ";" && (self.depth == 0 || self.is_transaction()) {
            *self = Self::default();
            return TokenRole::Separator;
        }
        self.last = self.add(if kind == Kind::Quoted { "" } else { text });
        self.count += 1;
        TokenRole::Part
    }

    /// Returns whether code ends between two statements, before the first one, or after `;`.
    pub(crate) fn is_between(code: &str, tokens: &[Token]) -> bool {
        let mut end = Self::default();
        for token in tokens {
            end.push(token.kind, &code[token.start..token.end]);
        }
        end.count == 0
    }

    /// Returns whether the statement is `BEGIN`, which begins a transaction if `;` follows.
    fn is_transaction(&self) -> bool {
        self.count == 1 && self.last == Word::Begin
    }

    fn add(&mut self, text: &str) -> Word {
        /// Nothing longer has a meaning here.
        const MAX_LEN: usize = 11;
        if text.len() > MAX_LEN {
            return Word::Other;
        }
        let is = |word: &str| text.eq_ignore_ascii_case(word);
        self.has_label |= self.count == 1 && text == ":";
        self.has_procedure |= self.count < 4 && is("procedure");
        if is("begin") {
            self.depth += usize::from(self.depth > 0 || self.begins_script());
            Word::Begin
        } else if is("transaction") && self.is_transaction() {
            self.depth = 0;
            Word::Other
        } else if is("end") && self.depth > 0 {
            self.depth -= 1;
            Word::End
        } else if is("case") && self.depth > 0 && self.last != Word::End {
            // `END CASE` ends a `CASE`.
            self.depth += 1;
            Word::Other
        } else if self.last == Word::End && ENDED_BY_NAME.iter().any(|name| is(name)) {
            // `END IF` ends an `IF`, which has no depth.
            self.depth += 1;
            Word::Other
        } else if is("as") {
            Word::As
        } else {
            Word::Other
        }
    }

    /// Returns whether `BEGIN` begins a script here: at the start, after a label, or in a procedure. Elsewhere it is
    /// a name.
    fn begins_script(&self) -> bool {
        self.count == 0
            || self.has_label && self.count == 2
            || self.has_procedure && self.last == Word::As
    }
}

/// Statements of a script that end with `END` and their name.
const ENDED_BY_NAME: [&str; 5] = ["if", "while", "loop", "for", "repeat"];
