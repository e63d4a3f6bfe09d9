//! Parameters, and the queries in which they are bound.

use std::borrow::Cow;
use std::iter::Peekable;

use super::bind_error::BindError;
use super::keywords::precedes_expression;
use super::literal::Literal;
use super::tokens::{Kind, Token, is_word, tokens};

/// Values of the parameters of queries: of `:name`, and of `?` in their order.
///
/// See the [module](super) for an example.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    named: Vec<(String, Literal)>,
    positional: Vec<Literal>,
}

impl Parameters {
    /// Creates an empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the value of the parameter `:name`, in place of an earlier value.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>, value: impl Into<Literal>) -> Self {
        let name = name.into();
        self.named.retain(|(other, _)| *other != name);
        self.named.push((name, value.into()));
        self
    }

    /// Adds the value of the next parameter `?`.
    #[must_use]
    pub fn positional(mut self, value: impl Into<Literal>) -> Self {
        self.positional.push(value.into());
        self
    }

    /// Returns the query with a literal in place of each parameter marker.
    ///
    /// A query may use a named parameter several times, or not at all. The following are no markers:
    ///
    /// - text in strings, quoted identifiers and comments
    /// - casts: `value::INT` and `value?::INT`
    /// - paths in values: `column:field`. `:name` directly after an expression is always a path; with a space
    ///   between them, it is a parameter if `name` has a value
    ///
    /// # Errors
    ///
    /// Returns a [`BindError`] if a parameter of the query has no value, or the number of markers `?` is not
    /// that of the values. A query without markers `?` may have any number of them.
    pub fn bind<'q>(&self, query: &'q str) -> Result<Cow<'q, str>, BindError> {
        let mut binder = Binder {
            parameters: self,
            before: Before::Operator,
            positional: 0,
            bound: String::new(),
            has_literal: false,
        };
        let mut all = tokens(query).peekable();
        while let Some(token) = all.next() {
            binder.add(token, &mut all)?;
        }
        let expected = binder.positional;
        let found = self.positional.len();
        if expected > 0 && expected != found {
            return Err(BindError::PositionalCount { expected, found });
        }
        if binder.has_literal {
            Ok(Cow::Owned(binder.bound))
        } else {
            Ok(Cow::Borrowed(query))
        }
    }

    fn value(&self, name: &str) -> Option<&Literal> {
        let found = self.named.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value)
    }
}

/// Relation of a token to those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    /// An expression begins.
    Operator,
    /// After a `.`: a name follows.
    Dot,
    /// Directly after an expression.
    Expression,
    /// After an expression and a space.
    ExpressionAndSpace,
}

struct Binder<'p> {
    parameters: &'p Parameters,
    before: Before,
    /// Number of markers `?`.
    positional: usize,
    bound: String,
    has_literal: bool,
}

impl Binder<'_> {
    fn add<'q>(
        &mut self,
        token: Token<'q>,
        rest: &mut Peekable<impl Iterator<Item = Token<'q>>>,
    ) -> Result<(), BindError> {
        let next = rest.peek().map(|token| token.text).unwrap_or_default();
        let literal = match token.kind {
            Kind::Named => self.named(&token.text[1..])?,
            Kind::Question => self.question(next),
            _ => None,
        };
        match literal {
            Some(literal) => self.push_literal(&literal.to_string(), next),
            None => self.bound.push_str(token.text),
        }
        self.before = self.after(token);
        Ok(())
    }

    /// Returns the value of `:name`, or `None` if it is a path.
    fn named(&self, name: &str) -> Result<Option<Literal>, BindError> {
        let value = self.parameters.value(name).cloned();
        match self.before {
            Before::Expression => Ok(None),
            Before::ExpressionAndSpace => Ok(value),
            Before::Operator | Before::Dot => value.map(Some).ok_or_else(|| {
                let name = name.to_owned();
                BindError::MissingValue { name }
            }),
        }
    }

    /// Returns the value of `?`, or `None` if it is part of an operator.
    fn question(&mut self, next: &str) -> Option<Literal> {
        let is_operator = match self.before {
            Before::Expression => true,
            Before::ExpressionAndSpace => next == "::",
            Before::Operator | Before::Dot => false,
        };
        if is_operator {
            return None;
        }
        let index = self.positional;
        self.positional += 1;
        // A wrong number of values is an error in the end.
        self.parameters.positional.get(index).cloned()
    }

    /// Adds a literal such that it does not merge with the tokens beside it.
    fn push_literal(&mut self, literal: &str, next: &str) {
        let is_part = |c: char| is_word(c) || matches!(c, '\'' | '"');
        // `x://TRUE` would be one token, and `$TRUE$` begins a string.
        let merges = |c: char| is_part(c) || matches!(c, '/' | '$' | ':');
        let has_dot = self.bound.ends_with('.') || next.starts_with('.');
        if self.bound.ends_with(merges) {
            self.bound.push(' ');
        }
        if has_dot {
            // `:n.x` must not become the number `5.` and the alias `x`.
            self.bound.extend(["(", literal, ")"]);
        } else {
            self.bound.push_str(literal);
        }
        if next == ":" || next.starts_with(is_part) {
            self.bound.push(' ');
        }
        self.has_literal = true;
    }

    /// Returns the state after a token.
    fn after(&self, token: Token<'_>) -> Before {
        match (token.kind, token.text) {
            (Kind::Space, _) if self.before == Before::Expression => Before::ExpressionAndSpace,
            (Kind::Space, _) => self.before,
            (Kind::Word, word) if self.before != Before::Dot && precedes_expression(word) => {
                Before::Operator
            }
            (Kind::Symbol, ".") => Before::Dot,
            (Kind::Symbol, text) if !matches!(text, ")" | "]") => Before::Operator,
            // The `?` of an operator precedes `::`.
            _ => Before::Expression,
        }
    }
}
