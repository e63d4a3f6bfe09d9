//! Credentials and how they are attached to requests.
//!
//! [`Credentials`] are passed to [`ClientBuilder::credentials`](crate::ClientBuilder::credentials):
//! a fixed token, a user and password, an API key, or a [custom](Credentials::custom)
//! implementation of [`Authenticate`] that provides the headers of each request.
//!
//! [`CachedToken`] is such an implementation for tokens that expire. It gets them from an OAuth
//! server ([`ClientCredentials`]), from a program that prints them ([`TokenCommand`]), or from any
//! other [`TokenSource`].

mod authenticate;
mod cached_token;
mod client_credentials;
mod context;
mod credentials;
mod endpoint;
mod error;
mod request_credentials;
mod selected;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod token;
mod token_command;
mod token_response;

pub use self::authenticate::Authenticate;
pub use self::cached_token::CachedToken;
pub use self::client_credentials::ClientCredentials;
pub use self::context::AuthContext;
pub use self::credentials::Credentials;
pub use self::request_credentials::RequestCredentials;
pub(crate) use self::selected::Selected;
pub use self::token::{Token, TokenSource};
pub use self::token_command::TokenCommand;
