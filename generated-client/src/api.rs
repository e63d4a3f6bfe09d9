//! Endpoints and types of the Databricks REST API 1.2, generated from `databricks-1.2.toml`.
//!
//! Each endpoint is a request struct and a function that takes a [`Client`](crate::Client) and the
//! request. Endpoints are grouped in modules: [`contexts`] and [`commands`].

api_runtime::api!("databricks-1.2.toml", derive = [PartialEq]);
