//! Endpoints and types of the Databricks REST APIs 2.0 and 2.1 for clusters, files and libraries, generated
//! from `databricks-2.0.toml`.
//!
//! Endpoints are grouped in modules: [`clusters`], [`dbfs`] and [`libraries`]. The module
//! [`files`](crate::files) transfers whole files, and
//! [`wait_until_installed`](crate::wait_until_installed) waits for libraries.

api_runtime::api!("databricks-2.0.toml", derive = [PartialEq]);
