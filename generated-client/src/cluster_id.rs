//! Conversions between the cluster ids of the APIs.

use crate::{api, api_2_0};

impl From<api_2_0::ClusterId> for api::ClusterId {
    fn from(id: api_2_0::ClusterId) -> Self {
        id.as_str().into()
    }
}

impl From<&api_2_0::ClusterId> for api::ClusterId {
    fn from(id: &api_2_0::ClusterId) -> Self {
        id.as_str().into()
    }
}

impl From<api::ClusterId> for api_2_0::ClusterId {
    fn from(id: api::ClusterId) -> Self {
        id.as_str().into()
    }
}

impl From<&api::ClusterId> for api_2_0::ClusterId {
    fn from(id: &api::ClusterId) -> Self {
        id.as_str().into()
    }
}
