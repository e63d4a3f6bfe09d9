//! Specs that are part of this package.

/// Spec of the Databricks REST API 1.2: execution contexts and commands.
pub const DATABRICKS_1_2: &str = include_str!("../databricks-1.2.toml");

/// Spec of parts of the Databricks REST APIs 2.0 and 2.1: clusters, files and libraries.
pub const DATABRICKS_2_0: &str = include_str!("../databricks-2.0.toml");
