//! Parameters of SQL queries.
//!
//! The API has no parameters for commands, and the statements that have some depend on the version of Spark:
//! `EXECUTE IMMEDIATE` needs Spark 4. [`Parameters::bind`] therefore replaces the parameter markers of a query
//! by typed literals, which all versions understand:
//!
//! - The query is split into tokens by the rules of Spark. Text in strings, quoted identifiers and comments is
//!   never replaced.
//! - A value is one literal, whatever it contains. It cannot end a string or begin a comment, and variables
//!   (`${name}`) in it are not substituted.
//!
//! # Examples
//!
//! ```
//! use generated_client::sql::Parameters;
//!
//! let parameters = Parameters::new()
//!     .named("region", "München")
//!     .named("limit", 10);
//! let query = "SELECT ':region' FROM sales WHERE region = :region LIMIT :limit -- :limit";
//! assert_eq!(
//!     parameters.bind(query)?,
//!     "SELECT ':region' FROM sales WHERE region = 'München' LIMIT 10 -- :limit"
//! );
//! # Ok::<(), generated_client::sql::BindError>(())
//! ```

mod bind_error;
mod keywords;
mod literal;
mod parameters;
mod tokens;

pub use self::bind_error::BindError;
pub use self::literal::{InvalidNumber, Literal, Number};
pub use self::parameters::Parameters;

#[cfg(test)]
mod tests;
