//! Credentials of a client that an operation accepts.

use super::context::AuthContext;
use super::credentials::{Credentials, Kind};
use super::request_credentials::RequestCredentials;
use crate::error::{Error, ErrorKind};
use crate::operation::{CredentialLocation, Operation};

/// Credentials of a client that an operation accepts.
#[derive(Clone, Copy)]
pub(crate) struct Selected<'a> {
    credentials: &'a Credentials,
    /// `None` is all of them.
    locations: Option<&'a [CredentialLocation<'a>]>,
}

impl<'a> Selected<'a> {
    /// Selects the first set of the operation that is part of the credentials.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`] if there is no such set. A client without any credentials is
    /// accepted: the server may be one that requires none.
    pub(crate) fn new(
        credentials: &'a Credentials,
        operation: &Operation<'a>,
    ) -> Result<Self, Error> {
        let Some(sets) = operation.credentials else {
            return Ok(Self {
                credentials,
                locations: None,
            });
        };
        let select = |locations: &'a [CredentialLocation<'a>]| Self {
            credentials,
            locations: Some(locations),
        };
        if let [[]] = sets {
            return Ok(select(&[]));
        }
        let places: Vec<_> = credentials
            .parts()
            .into_iter()
            .map(Credentials::places)
            .collect();
        let has = |location: &CredentialLocation<'_>| {
            let has = |places: &Option<RequestCredentials>| {
                places.as_ref().is_none_or(|places| places.has(*location))
            };
            places.iter().any(has)
        };
        let mut complete = sets.iter().filter(|set| set.iter().all(has));
        match complete.next() {
            Some(set) => Ok(select(set)),
            None if matches!(credentials.kind(), Kind::None) => Ok(select(&[])),
            None => Err(missing(credentials, sets)),
        }
    }

    /// Returns the credentials of one request that are not fixed; `None` without any.
    pub(crate) fn authorize(
        &self,
        context: &AuthContext<'_>,
    ) -> Result<Option<RequestCredentials>, Error> {
        match self.credentials.kind() {
            Kind::None | Kind::Fixed(_) => Ok(None),
            Kind::Custom(_) => self.authorize_part(self.credentials, context),
            Kind::All(_) => {
                let mut all: Option<RequestCredentials> = None;
                for part in self.credentials.parts() {
                    if let Some(sent) = self.authorize_part(part, context)? {
                        all.get_or_insert_default().merge(sent);
                    }
                }
                Ok(all)
            }
        }
    }

    fn authorize_part(
        &self,
        part: &Credentials,
        context: &AuthContext<'_>,
    ) -> Result<Option<RequestCredentials>, Error> {
        let Kind::Custom(custom) = part.kind() else {
            return Ok(None);
        };
        if !self.includes(part) {
            return Ok(None);
        }
        let sent = custom.authorize(context).map_err(|error| {
            if error.kind() == ErrorKind::Interrupted {
                return error;
            }
            let message = format!("cannot authenticate with {part}: {}", error.message());
            error.copy_with_message(message)
        });
        sent.map(|sent| Some(self.accepted(sent)))
    }

    /// Returns whether there are other credentials than the ones that a server has rejected.
    pub(crate) fn refresh(
        &self,
        context: &AuthContext<'_>,
        rejected: Option<&RequestCredentials>,
    ) -> bool {
        let Some(rejected) = rejected else {
            return false;
        };
        let mut is_refreshed = false;
        for part in self.credentials.parts() {
            if let Kind::Custom(custom) = part.kind()
                && self.includes(part)
            {
                // The response does not show which of them was rejected.
                is_refreshed |= custom.refresh(context, rejected);
            }
        }
        is_refreshed
    }

    /// Calls a function with the fixed credentials.
    pub(crate) fn for_each_fixed(&self, mut function: impl FnMut(&RequestCredentials)) {
        match (self.credentials.kind(), self.locations) {
            (Kind::None | Kind::Custom(_), _) => {}
            (Kind::Fixed(fixed), None) => function(&fixed.sent),
            (Kind::Fixed(_) | Kind::All(_), _) => {
                for part in self.credentials.parts() {
                    if let Kind::Fixed(fixed) = part.kind()
                        && self.includes(part)
                    {
                        function(&self.accepted(fixed.sent.clone()));
                    }
                }
            }
        }
    }

    /// Returns credentials to show in place of those that would have to be fetched.
    pub(crate) fn placeholder(&self) -> RequestCredentials {
        let mut shown = RequestCredentials::new();
        for part in self.credentials.parts() {
            if self.includes(part) {
                shown.merge(self.accepted(part.places().unwrap_or_default()));
            }
        }
        shown
    }

    fn includes(&self, part: &Credentials) -> bool {
        self.locations.is_none_or(|locations| {
            let places = part.places();
            let has = |location| places.as_ref().is_none_or(|it| it.has(location));
            locations.iter().any(|location| has(*location))
        })
    }

    fn accepted(&self, mut sent: RequestCredentials) -> RequestCredentials {
        if let Some(locations) = self.locations {
            sent.retain(locations);
        }
        sent
    }
}

fn missing(credentials: &Credentials, sets: &[&[CredentialLocation<'_>]]) -> Error {
    let sets: Vec<_> = sets
        .iter()
        .map(|set| {
            let set: Vec<_> = set.iter().map(ToString::to_string).collect();
            set.join(" and ")
        })
        .collect();
    let message = format!(
        "the endpoint requires credentials in {}, but the client has {credentials}",
        sets.join(", or in ")
    );
    Error::before_sending(ErrorKind::InvalidInput, message)
}
