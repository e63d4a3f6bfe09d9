//! A service principal of Azure: tokens of Microsoft Entra.

use api_runtime::auth::{AuthContext, Authenticate, CachedToken, ClientCredentials, Headers};
use api_runtime::http::HeaderName;
use api_runtime::{Credentials, Error, Secret};

use super::host::Host;
use super::input;
use super::source::Found;

/// What a token for Databricks is asked for, in every cloud.
const DATABRICKS: &str = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default";

const MANAGEMENT_TOKEN: HeaderName =
    HeaderName::from_static("x-databricks-azure-sp-management-token");
const RESOURCE_ID: HeaderName = HeaderName::from_static("x-databricks-azure-workspace-resource-id");

/// One of the clouds that Microsoft runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cloud {
    /// What `ARM_ENVIRONMENT` calls it.
    name: &'static str,
    /// How the hosts of its workspaces end.
    suffix: &'static str,
    /// Where tokens are issued.
    login: &'static str,
    /// What a token for its management is asked for.
    management: &'static str,
}

const CLOUDS: [Cloud; 3] = [
    Cloud {
        name: "PUBLIC",
        suffix: ".azuredatabricks.net",
        login: "https://login.microsoftonline.com",
        management: "https://management.core.windows.net/.default",
    },
    Cloud {
        name: "USGOVERNMENT",
        suffix: ".databricks.azure.us",
        login: "https://login.microsoftonline.us",
        management: "https://management.core.usgovcloudapi.net/.default",
    },
    Cloud {
        name: "CHINA",
        suffix: ".databricks.azure.cn",
        login: "https://login.chinacloudapi.cn",
        management: "https://management.core.chinacloudapi.cn/.default",
    },
];

/// All that may be said of a service principal.
#[derive(Debug)]
pub(super) struct Said<'a> {
    pub(super) tenant: &'a Found,
    pub(super) id: &'a Found,
    pub(super) secret: &'a Found,
    pub(super) resource: Option<Found>,
    pub(super) environment: Option<Found>,
    pub(super) login: Option<&'a str>,
}

/// Tokens for the workspace, and for the management of Azure where the principal is no user of
/// the workspace.
#[derive(Debug)]
struct ServicePrincipal {
    workspace: CachedToken<ClientCredentials>,
    management: Option<(CachedToken<ClientCredentials>, Secret)>,
}

impl Authenticate for ServicePrincipal {
    fn kind(&self) -> &'static str {
        "an Azure client id and secret"
    }

    fn authorize(&self, exchange: &AuthContext<'_>) -> Result<Headers, Error> {
        let headers = self.workspace.authorize(exchange)?;
        let Some((management, resource)) = &self.management else {
            return Ok(headers);
        };
        headers
            .with(MANAGEMENT_TOKEN, &management.token(exchange)?)?
            .with(RESOURCE_ID, resource)
    }

    fn refresh(&self, exchange: &AuthContext<'_>, refused: &Headers) -> bool {
        // Which of the two was refused is not said.
        let management = self.management.as_ref();
        let second = management.is_some_and(|(token, _)| token.refresh(exchange, refused));
        self.workspace.refresh(exchange, refused) || second
    }
}

pub(super) fn credentials(host: &Host, said: &Said<'_>) -> Result<Credentials, Error> {
    let cloud = cloud(host, said.environment.as_ref())?;
    let url = token_url(said.login.unwrap_or(cloud.login), said.tenant)?;
    let source = |scope: &str| {
        let (id, secret) = (said.id.value.expose(), said.secret.value.clone());
        ClientCredentials::new(&url, id, secret).map(|source| CachedToken::new(source.scope(scope)))
    };
    let management = match &said.resource {
        Some(resource) => {
            // To be told now, and not by the first call.
            Headers::new().with(RESOURCE_ID, &resource.value)?;
            Some((source(cloud.management)?, resource.value.clone()))
        }
        None => None,
    };
    Ok(Credentials::custom(ServicePrincipal {
        workspace: source(DATABRICKS)?,
        management,
    }))
}

/// The cloud that is said, else the one where the host is, else the public one.
fn cloud(host: &Host, said: Option<&Found>) -> Result<Cloud, Error> {
    let Some(said) = said else {
        let there = |cloud: &Cloud| host.name().ends_with(cloud.suffix);
        return Ok(CLOUDS.into_iter().find(there).unwrap_or(CLOUDS[0]));
    };
    let meant = |cloud: &Cloud| cloud.name.eq_ignore_ascii_case(said.value.expose());
    CLOUDS.into_iter().find(meant).ok_or_else(|| {
        let names = CLOUDS.map(|cloud| cloud.name).join(", ");
        input(format!("{} is none of {names}", said.describe()))
    })
}

fn token_url(login: &str, tenant: &Found) -> Result<String, Error> {
    let name = tenant.value.expose();
    let sane = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    if name.is_empty() || !name.bytes().all(sane) {
        return Err(input(format!(
            "{} is neither the id nor the domain of a tenant",
            tenant.describe()
        )));
    }
    let login = login.trim_end_matches('/');
    Ok(format!("{login}/{name}/oauth2/v2.0/token"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::source::{AZURE_ENVIRONMENT, AZURE_TENANT_ID, Setting};

    fn found(setting: Setting, value: &str) -> Found {
        Found {
            setting,
            value: value.into(),
            origin: "the test".to_owned(),
            level: 0,
        }
    }

    #[test]
    fn clouds() {
        for (host, said, expected) in [
            ("adb-1.2.azuredatabricks.net", None, "PUBLIC"),
            ("adb-1.2.databricks.azure.us", None, "USGOVERNMENT"),
            ("adb-1.2.databricks.azure.cn", None, "CHINA"),
            ("127.0.0.1", None, "PUBLIC"),
            ("127.0.0.1", Some("china"), "CHINA"),
            ("adb-1.2.databricks.azure.cn", Some("PUBLIC"), "PUBLIC"),
        ] {
            let said = said.map(|name| found(AZURE_ENVIRONMENT, name));
            let cloud = cloud(&Host::parse(host).unwrap(), said.as_ref()).unwrap();
            assert_eq!(cloud.name, expected, "{host}");
        }
        let said = found(AZURE_ENVIRONMENT, "moon");
        let error = cloud(&Host::parse("a").unwrap(), Some(&said)).unwrap_err();
        assert_eq!(
            error.message(),
            "`azure_environment` from the test is none of PUBLIC, USGOVERNMENT, CHINA"
        );
    }

    #[test]
    fn tenants() {
        let url = |tenant: &str| token_url("https://l.net/", &found(AZURE_TENANT_ID, tenant));
        assert_eq!(
            url("my.onmicrosoft.com").unwrap(),
            "https://l.net/my.onmicrosoft.com/oauth2/v2.0/token"
        );
        for tenant in ["", "a/b", "a?b", "a@b", "é"] {
            let error = url(tenant).unwrap_err();
            assert_eq!(
                error.message(),
                "`azure_tenant_id` from the test is neither the id nor the domain of a tenant"
            );
        }
    }
}
