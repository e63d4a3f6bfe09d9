//! Comparison of Rust files without regard to their format.

use proc_macro2::{Group, TokenStream, TokenTree};
use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Attribute, Expr, ExprClosure, ExprMacro, Macro, Meta, ReturnType, Stmt};

/// Returns whether two files differ only in what rustfmt may change: line breaks, indentation,
/// trailing commas, and braces around the body of a match arm or a closure. Comments other than
/// documentation are ignored.
pub(super) fn is_same_code(one: &str, other: &str) -> bool {
    match (normalized(one), normalized(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

fn normalized(text: &str) -> syn::Result<String> {
    let mut file = syn::parse_file(text)?;
    Normalizer.visit_file_mut(&mut file);
    Ok(prettyplease::unparse(&file))
}

struct Normalizer;

impl VisitMut for Normalizer {
    fn visit_arm_mut(&mut self, arm: &mut Arm) {
        visit_mut::visit_arm_mut(self, arm);
        remove_braces(&mut arm.body);
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut ExprClosure) {
        visit_mut::visit_expr_closure_mut(self, closure);
        // A closure with a return type requires the braces.
        if matches!(closure.output, ReturnType::Default) {
            remove_braces(&mut closure.body);
        }
    }

    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        if let Meta::List(list) = &mut attribute.meta {
            list.tokens = without_trailing_commas(list.tokens.clone());
        }
    }

    fn visit_macro_mut(&mut self, invocation: &mut Macro) {
        invocation.tokens = without_trailing_commas(invocation.tokens.clone());
    }
}

/// Replaces a block that consists of one expression by the expression.
fn remove_braces(body: &mut Expr) {
    let Expr::Block(block) = body else { return };
    if !block.attrs.is_empty() || block.label.is_some() || block.block.stmts.len() != 1 {
        return;
    }
    match block.block.stmts.pop() {
        Some(Stmt::Expr(expression, None)) => *body = expression,
        Some(Stmt::Macro(statement)) if statement.semi_token.is_none() => {
            *body = Expr::Macro(ExprMacro {
                attrs: statement.attrs,
                mac: statement.mac,
            });
        }
        statement => block.block.stmts.extend(statement),
    }
}

fn without_trailing_commas(tokens: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    tokens.pop_if(|last| matches!(last, TokenTree::Punct(it) if it.as_char() == ','));
    let tokens = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) => {
            let inner = without_trailing_commas(group.stream());
            TokenTree::Group(Group::new(group.delimiter(), inner))
        }
        token => token,
    });
    tokens.collect()
}
