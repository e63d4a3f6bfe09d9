//! Spec language: the keys of a spec and the code that they generate.
//!
#![doc = include_str!("../LANGUAGE.md")]
