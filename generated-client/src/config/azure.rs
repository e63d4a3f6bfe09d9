//! Credentials of an Azure service principal: tokens from Microsoft Entra.

use api_runtime::auth::{
    AuthContext, Authenticate, CachedToken, ClientCredentials, RequestCredentials,
};
use api_runtime::http::HeaderName;
use api_runtime::{Credentials, Error, Secret};

use super::error::invalid;
use super::host::Host;
use super::source::SettingValue;

/// OAuth scope for Databricks: the id of its Azure application, which is the same in all clouds.
const DATABRICKS_SCOPE: &str = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default";

const MANAGEMENT_TOKEN: HeaderName =
    HeaderName::from_static("x-databricks-azure-sp-management-token");
const RESOURCE_ID: HeaderName = HeaderName::from_static("x-databricks-azure-workspace-resource-id");

/// Azure cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cloud {
    /// Name in `ARM_ENVIRONMENT`.
    name: &'static str,
    /// Suffix of the hosts of workspaces.
    host_suffix: &'static str,
    /// Base URL of Microsoft Entra.
    login: &'static str,
    /// OAuth scope for Azure management.
    management_scope: &'static str,
}

const CLOUDS: [Cloud; 3] = [
    Cloud {
        name: "PUBLIC",
        host_suffix: ".azuredatabricks.net",
        login: "https://login.microsoftonline.com",
        management_scope: "https://management.core.windows.net/.default",
    },
    Cloud {
        name: "USGOVERNMENT",
        host_suffix: ".databricks.azure.us",
        login: "https://login.microsoftonline.us",
        management_scope: "https://management.core.usgovcloudapi.net/.default",
    },
    Cloud {
        name: "CHINA",
        host_suffix: ".databricks.azure.cn",
        login: "https://login.chinacloudapi.cn",
        management_scope: "https://management.core.chinacloudapi.cn/.default",
    },
];

/// Settings of a service principal.
#[derive(Debug)]
pub(super) struct ServicePrincipalSettings<'a> {
    pub(super) tenant: &'a SettingValue,
    pub(super) id: &'a SettingValue,
    pub(super) secret: &'a SettingValue,
    pub(super) resource_id: Option<SettingValue>,
    pub(super) environment: Option<SettingValue>,
    /// Base URL of Microsoft Entra, instead of the one of the cloud.
    pub(super) login: Option<&'a str>,
}

/// Tokens for the workspace and, with a resource id, for Azure management.
#[derive(Debug)]
struct ServicePrincipal {
    workspace: CachedToken<ClientCredentials>,
    management: Option<(CachedToken<ClientCredentials>, Secret)>,
}

impl Authenticate for ServicePrincipal {
    fn kind(&self) -> &'static str {
        "an Azure client id and secret"
    }

    fn authorize(&self, exchange: &AuthContext<'_>) -> Result<RequestCredentials, Error> {
        let headers = self.workspace.authorize(exchange)?;
        let Some((management, resource_id)) = &self.management else {
            return Ok(headers);
        };
        headers
            .with(MANAGEMENT_TOKEN, &management.token(exchange)?)?
            .with(RESOURCE_ID, resource_id)
    }

    fn refresh(&self, exchange: &AuthContext<'_>, refused: &RequestCredentials) -> bool {
        // The response does not show which of the tokens was rejected.
        let management = self.management.as_ref();
        let renewed = management.is_some_and(|(token, _)| token.refresh(exchange, refused));
        self.workspace.refresh(exchange, refused) || renewed
    }
}

pub(super) fn credentials(
    host: &Host,
    settings: &ServicePrincipalSettings<'_>,
) -> Result<Credentials, Error> {
    let cloud = select_cloud(host, settings.environment.as_ref())?;
    let url = token_url(settings.login.unwrap_or(cloud.login), settings.tenant)?;
    let source = |scope: &str| {
        let (id, secret) = (settings.id.value.expose(), settings.secret.value.clone());
        ClientCredentials::new(&url, id, secret).map(|source| CachedToken::new(source.scope(scope)))
    };
    let management = match &settings.resource_id {
        Some(resource_id) => {
            // Reports an invalid header value now instead of with the first request.
            RequestCredentials::new().with(RESOURCE_ID, &resource_id.value)?;
            Some((source(cloud.management_scope)?, resource_id.value.clone()))
        }
        None => None,
    };
    Ok(Credentials::custom(ServicePrincipal {
        workspace: source(DATABRICKS_SCOPE)?,
        management,
    }))
}

/// Returns the configured cloud, otherwise the cloud of the host, otherwise the public cloud.
fn select_cloud(host: &Host, configured: Option<&SettingValue>) -> Result<Cloud, Error> {
    let Some(configured) = configured else {
        let has_host = |cloud: &Cloud| host.name().ends_with(cloud.host_suffix);
        return Ok(CLOUDS.into_iter().find(has_host).unwrap_or(CLOUDS[0]));
    };
    let is_named = |cloud: &Cloud| cloud.name.eq_ignore_ascii_case(configured.value.expose());
    CLOUDS.into_iter().find(is_named).ok_or_else(|| {
        let names = CLOUDS.map(|cloud| format!("`{}`", cloud.name)).join(", ");
        invalid(format!(
            "unknown {}, expected one of {names}",
            configured.describe()
        ))
    })
}

fn token_url(login: &str, tenant: &SettingValue) -> Result<String, Error> {
    let name = tenant.value.expose();
    // The tenant is a path segment of the URL.
    let is_valid = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_valid) {
        return Err(invalid(format!(
            "{} is neither a tenant id nor a tenant domain",
            tenant.describe()
        )));
    }
    let login = login.trim_end_matches('/');
    Ok(format!("{login}/{name}/oauth2/v2.0/token"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::setting::{AZURE_ENVIRONMENT, AZURE_TENANT_ID, Setting};

    fn value(setting: Setting, value: &str) -> SettingValue {
        SettingValue {
            setting,
            value: value.into(),
            origin: "the test".to_owned(),
            source_index: 0,
        }
    }

    #[test]
    fn cloud_is_selected_by_setting_or_host() {
        for (host, configured, expected) in [
            ("adb-1.2.azuredatabricks.net", None, "PUBLIC"),
            ("adb-1.2.databricks.azure.us", None, "USGOVERNMENT"),
            ("adb-1.2.databricks.azure.cn", None, "CHINA"),
            ("127.0.0.1", None, "PUBLIC"),
            ("127.0.0.1", Some("china"), "CHINA"),
            ("adb-1.2.databricks.azure.cn", Some("PUBLIC"), "PUBLIC"),
        ] {
            let configured = configured.map(|name| value(AZURE_ENVIRONMENT, name));
            let cloud = select_cloud(&Host::parse(host).unwrap(), configured.as_ref()).unwrap();
            assert_eq!(cloud.name, expected, "{host}");
        }
        let unknown = value(AZURE_ENVIRONMENT, "moon");
        let error = select_cloud(&Host::parse("a").unwrap(), Some(&unknown)).unwrap_err();
        assert_eq!(
            error.message(),
            "unknown `azure_environment` from the test, expected one of `PUBLIC`, `USGOVERNMENT`, `CHINA`"
        );
    }

    #[test]
    fn tenant_is_an_id_or_a_domain() {
        let url = |tenant: &str| token_url("https://l.net/", &value(AZURE_TENANT_ID, tenant));
        assert_eq!(
            url("my.onmicrosoft.com").unwrap(),
            "https://l.net/my.onmicrosoft.com/oauth2/v2.0/token"
        );
        for tenant in ["", "a/b", "a?b", "a@b", "é"] {
            let error = url(tenant).unwrap_err();
            assert_eq!(
                error.message(),
                "`azure_tenant_id` from the test is neither a tenant id nor a tenant domain"
            );
        }
    }
}
