// Written by tests/dashboard-answers.test.ts: what the operations of the Management API answer.

export interface Answers {
  'GET /tenants/settings': {
    "acr_values_supported"?: (string)[] | null;
    "allowed_logout_urls"?: (string)[] | null;
    "authorization_response_iss_parameter_supported"?: boolean | null;
    "default_audience"?: string | null;
    "default_directory"?: string | null;
    "default_redirection_uri"?: string | null;
    "device_flow"?: {
      "charset": "base20" | "digits";
      "mask": string;
    } | null;
    "dynamic_client_registration_security_mode"?: "strict" | "permissive" | null;
    "enabled_locales"?: (string)[] | null;
    "error_page"?: {
      "url"?: string | null;
      "html"?: string;
      "show_log_link"?: boolean;
    } | null;
    "flags"?: {
      "enable_client_connections"?: boolean;
      "enable_dynamic_client_registration"?: boolean;
      "enable_public_signup_user_exists_error"?: boolean;
      "enforce_client_authentication_on_passwordless_start"?: boolean;
      "remove_alg_from_jwks"?: boolean;
      "require_pushed_authorization_requests"?: boolean;
      "revoke_refresh_token_grant"?: boolean;
      "use_scope_descriptions_for_consent"?: boolean;
      "allow_changing_enable_sso"?: boolean;
      "allow_legacy_delegation_grant_types"?: boolean;
      "allow_legacy_ro_grant_types"?: boolean;
      "allow_legacy_tokeninfo_endpoint"?: boolean;
      "allow_other_legacy_grant_types"?: boolean;
      "cannot_change_enforce_client_authentication_on_passwordless_start"?: boolean;
      "change_pwd_flow_v1"?: boolean;
      "custom_domains_provisioning"?: boolean;
      "dashboard_insights_view"?: boolean;
      "dashboard_log_streams_next"?: boolean;
      "disable_clickjack_protection_headers"?: boolean;
      "disable_fields_map_fix"?: boolean;
      "disable_impersonation"?: boolean;
      "disable_management_api_sms_obfuscation"?: boolean;
      "enable_adfs_waad_email_verification"?: boolean;
      "enable_apis_section"?: boolean;
      "enable_custom_domain_in_emails"?: boolean;
      "enable_idtoken_api2"?: boolean;
      "enable_legacy_logs_search_v2"?: boolean;
      "enable_legacy_profile"?: boolean;
      "enable_pipeline2"?: boolean;
      "enable_sso"?: boolean;
      "genai_trial"?: boolean;
      "improved_signup_bot_detection_in_classic"?: boolean;
      "mfa_show_factor_list_on_enrollment"?: boolean;
      "new_universal_login_experience_enabled"?: boolean;
      "no_disclose_enterprise_connections"?: boolean;
      "trust_azure_adfs_email_verified_connection_property"?: boolean;
      "universal_login"?: boolean;
    };
    "friendly_name"?: string | null;
    "idle_session_lifetime"?: number | null;
    "oidc_logout"?: {
      "rp_logout_end_session_endpoint_discovery": boolean;
    } | null;
    "picture_url"?: string | null;
    "pushed_authorization_requests_supported"?: boolean | null;
    "resource_parameter_profile"?: "audience" | "compatibility" | null;
    "session_cookie"?: {
      "mode": "persistent" | "non-persistent";
    } | null;
    "session_lifetime"?: number | null;
    "sessions"?: {
      "oidc_logout_prompt_enabled": boolean;
    } | null;
    "skip_non_verifiable_callback_uri_confirmation_prompt"?: boolean | null;
    "support_email"?: string | null;
    "support_url"?: string | null;
    "authorization_code_lifetime"?: number | null;
    "dialect"?: "auth0" | "oidc" | null;
    "log_retention_days"?: number | null;
    "rate_limits"?: {
      "enabled": boolean;
      "burst"?: number;
      "per_second"?: number;
      "allowlist": (string)[];
    } | null;
    "refresh_token"?: {
      "retry_safe": boolean;
      "retry_window": number;
    } | null;
    "allow_organization_name_in_authentication_api"?: boolean | null;
    "change_password"?: {
      "enabled"?: boolean;
      "html"?: string;
    } | null;
    "client_id_metadata_document_supported"?: boolean;
    "country_codes"?: {
      "list"?: (string)[];
      "mode"?: "allow" | "deny";
    } | null;
    "customize_mfa_in_postlogin_action"?: boolean | null;
    "default_token_quota"?: {
      "clients"?: {
        "client_credentials": {
          "enforce"?: boolean;
          "per_day"?: number;
          "per_hour"?: number;
        };
      };
      "organizations"?: {
        "client_credentials": {
          "enforce"?: boolean;
          "per_day"?: number;
          "per_hour"?: number;
        };
      };
    } | null;
    "enable_ai_guide"?: boolean;
    "ephemeral_session_lifetime"?: number | null;
    "guardian_mfa_page"?: {
      "enabled"?: boolean;
      "html"?: string;
    } | null;
    "idle_ephemeral_session_lifetime"?: number | null;
    "include_session_metadata_in_tenant_logs"?: boolean;
    "legacy_sandbox_version"?: string;
    "mtls"?: {
      "enable_endpoint_aliases"?: boolean;
    } | null;
    "phone_consolidated_experience"?: boolean;
    "sandbox_version"?: string;
    "sandbox_versions_available"?: (string)[];
    "security_headers"?: {
      "content_security_policy"?: {
        "enabled"?: boolean;
        "policies"?: ({
          "mode"?: "enforcing" | "reporting";
          "directives"?: {
            [name: string]: (string)[];
          };
          "flags"?: ("upgrade-insecure-requests" | "block-all-mixed-content")[];
          "reporting"?: {
            "report_uri"?: string;
            "report_to_group"?: string;
          } | null;
        })[];
        "reporting_infrastructure"?: {
          "report_to"?: {
            "group"?: string;
            "max_age"?: number;
            "endpoints"?: ({
              "url"?: string;
            })[];
          } | null;
          "reporting_endpoints"?: {
            [name: string]: string;
          };
        } | null;
      } | null;
      "x_xss_protection"?: {
        "enabled"?: boolean;
        "mode"?: "block";
        "report_uri"?: string;
      } | null;
    } | null;
    "universal_login"?: {
      [name: string]: unknown;
    };
  };
  'PATCH /tenants/settings': Answers['GET /tenants/settings'];
  'GET /branding': {
    "colors"?: {
      "primary"?: string;
      "page_background"?: string | {
        "type": "linear-gradient";
        "start": string;
        "end": string;
        "angle_deg": number;
      };
    };
    "logo_url"?: string;
    "favicon_url"?: string;
    "font"?: {
      "url"?: string;
    };
  };
  'PATCH /branding': Answers['GET /branding'];
  'GET /prompts': {
    "universal_login_experience": "new" | "classic";
    "identifier_first": boolean;
    "webauthn_platform_first_factor"?: boolean;
  };
  'PATCH /prompts': Answers['GET /prompts'];
  'GET /attack-protection/brute-force-protection': {
    "enabled": boolean;
    "shields": ("block" | "user_notification")[];
    "max_attempts": number;
    "mode": "count_per_identifier_and_ip" | "count_per_identifier";
    "allowlist": (string)[];
  };
  'PATCH /attack-protection/brute-force-protection': Answers['GET /attack-protection/brute-force-protection'];
  'GET /attack-protection/suspicious-ip-throttling': {
    "enabled": boolean;
    "shields": ("block" | "admin_notification")[];
    "allowlist": (string)[];
    "stage": {
      "pre-login": {
        "max_attempts": number;
        "rate": number;
      };
      "pre-user-registration": {
        "max_attempts": number;
        "rate": number;
      };
      "pre-custom-token-exchange": {
        "max_attempts": number;
        "rate": number;
      };
    };
  };
  'PATCH /attack-protection/suspicious-ip-throttling': Answers['GET /attack-protection/suspicious-ip-throttling'];
  'GET /keys/signing': (Answers['POST /keys/signing/rotate'])[];
  'POST /keys/signing/rotate': {
    "kid": string;
    "cert": string;
    "pkcs7": string;
    "current": boolean;
    "next": boolean;
    "previous": boolean;
    "current_since"?: string;
    "current_until"?: string;
    "fingerprint": string;
    "thumbprint": string;
    "revoked": boolean;
    "revoked_at"?: string;
    "alg": "RS256" | "PS256" | "ES256";
  };
  'GET /keys/signing/{kid}': Answers['POST /keys/signing/rotate'];
  'PUT /keys/signing/{kid}/revoke': Answers['POST /keys/signing/rotate'];
  'GET /stats/daily': ({
    "date": string;
    "logins": number;
    "signups": number;
    "leaked_passwords": number;
    "created_at": string;
    "updated_at": string;
  })[];
  'GET /stats/active-users': number;
  'GET /clients': (Answers['POST /clients'])[] | {
    "start": number;
    "limit": number;
    "total": number;
    "clients": (Answers['POST /clients'])[];
  } | {
    "clients": (Answers['POST /clients'])[];
    "next"?: string;
  };
  'POST /clients': {
    "name"?: string;
    "description"?: string;
    "app_type"?: "native" | "spa" | "regular_web" | "non_interactive" | "resource_server" | "express_configuration" | "sso_integration" | "rms" | "box" | "cloudbees" | "concur" | "dropbox" | "mscrm" | "echosign" | "egnyte" | "newrelic" | "office365" | "salesforce" | "sentry" | "sharepoint" | "slack" | "springcm" | "zendesk" | "zoom" | "oag";
    "logo_uri"?: string;
    "callbacks"?: (string)[];
    "allowed_logout_urls"?: (string)[];
    "web_origins"?: (string)[];
    "allowed_origins"?: (string)[];
    "initiate_login_uri"?: string;
    "is_first_party"?: boolean;
    "oidc_conformant"?: boolean;
    "grant_types"?: (string)[];
    "token_endpoint_auth_method"?: "none" | "client_secret_post" | "client_secret_basic" | null;
    "client_authentication_methods"?: {
      "private_key_jwt"?: {
        "credentials": ({
          "id": string;
          "name"?: string;
          "kid"?: string;
          "credential_type"?: string;
          "alg"?: string;
          "subject_dn"?: string;
          "thumbprint_sha256"?: string;
          "created_at"?: string;
          "updated_at"?: string;
          "expires_at"?: string;
        })[];
      };
      "tls_client_auth"?: {
        "credentials": ({
          "id": string;
          "name"?: string;
          "kid"?: string;
          "credential_type"?: string;
          "alg"?: string;
          "subject_dn"?: string;
          "thumbprint_sha256"?: string;
          "created_at"?: string;
          "updated_at"?: string;
          "expires_at"?: string;
        })[];
      };
      "self_signed_tls_client_auth"?: {
        "credentials": ({
          "id": string;
          "name"?: string;
          "kid"?: string;
          "credential_type"?: string;
          "alg"?: string;
          "subject_dn"?: string;
          "thumbprint_sha256"?: string;
          "created_at"?: string;
          "updated_at"?: string;
          "expires_at"?: string;
        })[];
      };
    };
    "require_pushed_authorization_requests"?: boolean;
    "par_request_expiry"?: number | null;
    "signed_request_object"?: {
      "credentials": ({
        "id": string;
        "name"?: string;
        "kid"?: string;
        "credential_type"?: string;
        "alg"?: string;
        "subject_dn"?: string;
        "thumbprint_sha256"?: string;
        "created_at"?: string;
        "updated_at"?: string;
        "expires_at"?: string;
      })[];
      "required": boolean;
    };
    "jwt_configuration"?: {
      "alg"?: "RS256" | "PS256" | "ES256" | "HS256";
      "lifetime_in_seconds"?: number;
      "secret_encoded"?: boolean;
      "scopes"?: {
        [name: string]: unknown;
      };
    };
    "refresh_token"?: {
      "rotation_type": "rotating" | "non-rotating";
      "expiration_type": "expiring" | "non-expiring";
      "leeway"?: number;
      "token_lifetime"?: number;
      "infinite_token_lifetime"?: boolean;
      "idle_token_lifetime"?: number;
      "infinite_idle_token_lifetime"?: boolean;
      "retry_safe"?: boolean | null;
      "retry_window"?: number | null;
      "policies"?: ({
        "audience": string;
        "scope": (string)[];
      })[] | null;
    } | null;
    "require_proof_of_possession"?: boolean;
    "compliance_level"?: "none" | "fapi1_adv_pkj_par" | "fapi1_adv_mtls_par" | "fapi2_sp_pkj_mtls" | "fapi2_sp_mtls_mtls" | null;
    "client_metadata"?: {
      [name: string]: string | null;
    };
    "redirection_policy"?: "allow_always" | "open_redirect_protection";
    "oidc_logout"?: {
      "backchannel_logout_urls"?: (string)[];
      "backchannel_logout_initiators"?: {
        "mode"?: "custom" | "all";
        "selected_initiators"?: ("rp-logout" | "idp-logout" | "password-changed" | "session-expired" | "session-revoked" | "account-deleted" | "account-deactivated" | "email-identifier-changed" | "mfa-phone-unenrolled")[];
      };
      "backchannel_logout_session_metadata"?: {
        "include"?: boolean;
      } | null;
    };
    "skip_non_verifiable_callback_uri_confirmation_prompt"?: boolean | null;
    "is_token_endpoint_ip_header_trusted"?: boolean;
    "token_exchange"?: {
      "allow_any_profile_of_type": ("custom_authentication" | "on_behalf_of_token_exchange")[];
    } | null;
    "organization_usage"?: "deny" | "allow" | "require" | null;
    "organization_require_behavior"?: "no_prompt" | "pre_login_prompt" | "post_login_prompt" | null;
    "client_secret"?: string;
    "oidc_backchannel_logout"?: {
      "backchannel_logout_urls"?: (string)[];
      "backchannel_logout_initiators"?: {
        "mode"?: "custom" | "all";
        "selected_initiators"?: ("rp-logout" | "idp-logout" | "password-changed" | "session-expired" | "session-revoked" | "account-deleted" | "account-deactivated" | "email-identifier-changed" | "mfa-phone-unenrolled")[];
      };
      "backchannel_logout_session_metadata"?: {
        "include"?: boolean;
      } | null;
    };
    "addons"?: {
      "aws"?: {
        "principal"?: string;
        "role"?: string;
        "lifetime_in_seconds"?: number;
        [name: string]: unknown;
      };
      "azure_blob"?: {
        "accountName"?: string;
        "storageAccessKey"?: string;
        "containerName"?: string;
        "blobName"?: string;
        "expiration"?: number;
        "signedIdentifier"?: string;
        "blob_read"?: boolean;
        "blob_write"?: boolean;
        "blob_delete"?: boolean;
        "container_read"?: boolean;
        "container_write"?: boolean;
        "container_delete"?: boolean;
        "container_list"?: boolean;
        [name: string]: unknown;
      };
      "azure_sb"?: {
        "namespace"?: string;
        "sasKeyName"?: string;
        "sasKey"?: string;
        "entityPath"?: string;
        "expiration"?: number;
        [name: string]: unknown;
      };
      "box"?: {
        [name: string]: unknown;
      };
      "cloudbees"?: {
        [name: string]: unknown;
      };
      "concur"?: {
        [name: string]: unknown;
      };
      "dropbox"?: {
        [name: string]: unknown;
      };
      "echosign"?: {
        "domain"?: string;
        [name: string]: unknown;
      };
      "egnyte"?: {
        "domain"?: string;
        [name: string]: unknown;
      };
      "firebase"?: {
        "secret"?: string;
        "private_key_id"?: string;
        "private_key"?: string;
        "client_email"?: string;
        "lifetime_in_seconds"?: number;
        [name: string]: unknown;
      };
      "layer"?: {
        "providerId": string;
        "keyId": string;
        "privateKey": string;
        "principal"?: string;
        "expiration"?: number;
        [name: string]: unknown;
      };
      "mscrm"?: {
        "url": string;
        [name: string]: unknown;
      };
      "newrelic"?: {
        "account"?: string;
        [name: string]: unknown;
      };
      "oag"?: Record<string, never> | null;
      "office365"?: {
        "domain"?: string;
        "connection"?: string;
        [name: string]: unknown;
      };
      "rms"?: {
        "url": string;
        [name: string]: unknown;
      };
      "salesforce"?: {
        "entity_id"?: string;
        [name: string]: unknown;
      };
      "salesforce_api"?: {
        "clientid"?: string;
        "principal"?: string;
        "communityName"?: string;
        "community_url_section"?: string;
        [name: string]: unknown;
      };
      "salesforce_sandbox_api"?: {
        "clientid"?: string;
        "principal"?: string;
        "communityName"?: string;
        "community_url_section"?: string;
        [name: string]: unknown;
      };
      "samlp"?: {
        "mappings"?: {
          [name: string]: unknown;
        };
        "audience"?: string;
        "recipient"?: string;
        "createUpnClaim"?: boolean;
        "mapUnknownClaimsAsIs"?: boolean;
        "passthroughClaimsWithNoMapping"?: boolean;
        "mapIdentities"?: boolean;
        "signatureAlgorithm"?: string;
        "digestAlgorithm"?: string;
        "issuer"?: string;
        "destination"?: string;
        "lifetimeInSeconds"?: number;
        "signResponse"?: boolean;
        "nameIdentifierFormat"?: string;
        "nameIdentifierProbes"?: (string)[];
        "authnContextClassRef"?: string;
        [name: string]: unknown;
      };
      "sap_api"?: {
        "clientid"?: string;
        "usernameAttribute"?: string;
        "tokenEndpointUrl"?: string;
        "scope"?: string;
        "servicePassword"?: string;
        "nameIdentifierFormat"?: string;
        [name: string]: unknown;
      };
      "sentry"?: {
        "org_slug"?: string;
        "base_url"?: string;
        [name: string]: unknown;
      };
      "sharepoint"?: {
        "url"?: string;
        "external_url"?: (string)[] | string;
        [name: string]: unknown;
      };
      "slack"?: {
        "team": string;
        [name: string]: unknown;
      };
      "springcm"?: {
        "acsurl"?: string;
        [name: string]: unknown;
      };
      "sso_integration"?: {
        "name"?: string;
        "version"?: string;
        [name: string]: unknown;
      };
      "wams"?: {
        "masterkey"?: string;
        [name: string]: unknown;
      };
      "wsfed"?: {
        [name: string]: unknown;
      };
      "zendesk"?: {
        "accountName"?: string;
        [name: string]: unknown;
      };
      "zoom"?: {
        "account"?: string;
        [name: string]: unknown;
      };
    };
    "allowed_clients"?: (string)[];
    "async_approval_notification_channels"?: ("guardian-push" | "email")[] | null;
    "client_aliases"?: (string)[];
    "cross_origin_authentication"?: boolean;
    "cross_origin_loc"?: string | null;
    "custom_login_page"?: string;
    "custom_login_page_on"?: boolean;
    "custom_login_page_preview"?: string;
    "default_organization"?: {
      "organization_id": string;
      "flows": ("client_credentials")[];
    } | null;
    "encryption_key"?: {
      "pub"?: string;
      "cert"?: string;
      "subject"?: string;
      [name: string]: unknown;
    } | null;
    "express_configuration"?: {
      "initiate_login_uri_template": string;
      "user_attribute_profile_id": string;
      "connection_profile_id": string;
      "enable_client": boolean;
      "enable_organization": boolean;
      "linked_clients"?: ({
        "client_id": string;
      })[];
      "okta_oin_client_id": string;
      "admin_login_domain": string;
      "oin_submission_id"?: string;
    } | null;
    "fedcm_login"?: {
      "google"?: {
        "is_enabled"?: boolean;
      } | null;
    } | null;
    "form_template"?: string;
    "mobile"?: {
      "android"?: {
        "app_package_name"?: string;
        "sha256_cert_fingerprints"?: (string)[];
      };
      "ios"?: {
        "team_id"?: string;
        "app_bundle_identifier"?: string;
      };
    };
    "my_organization_configuration"?: {
      "connection_profile_id"?: string;
      "user_attribute_profile_id"?: string;
      "allowed_strategies": ("pingfederate" | "adfs" | "waad" | "google-apps" | "okta" | "oidc" | "samlp")[];
      "connection_deletion_behavior": "allow" | "allow_if_empty";
      "invitation_landing_client_id"?: string;
    } | null;
    "native_social_login"?: {
      "apple"?: {
        "enabled"?: boolean;
      } | null;
      "facebook"?: {
        "enabled"?: boolean;
      } | null;
      "google"?: {
        "enabled"?: boolean;
      } | null;
    } | null;
    "organization_discovery_methods"?: ("email" | "organization_name")[] | null;
    "session_transfer"?: {
      "can_create_session_transfer_token"?: boolean;
      "enforce_cascade_revocation"?: boolean;
      "allowed_authentication_methods"?: ("cookie" | "query")[] | null;
      "enforce_device_binding"?: "ip" | "asn" | "none";
      "allow_refresh_token"?: boolean;
      "enforce_online_refresh_tokens"?: boolean;
      "delegation"?: {
        "allow_delegated_access"?: boolean;
        "enforce_device_binding"?: "ip" | "asn";
      } | null;
    } | null;
    "sso"?: boolean;
    "sso_disabled"?: boolean;
    "third_party_security_mode"?: "strict" | "permissive";
    "token_quota"?: {
      "client_credentials": {
        "enforce"?: boolean;
        "per_day"?: number;
        "per_hour"?: number;
      };
    } | null;
    "token_vault_privileged_access"?: {
      "credentials": ({
        "id"?: string;
        "name"?: string;
        "credential_type"?: "public_key";
        "kid"?: string;
        "alg"?: "RS256" | "RS384" | "PS256" | "ES256";
        "pem"?: string;
        "expires_at"?: string;
        "parse_expiry_from_cert"?: boolean;
      })[];
      "ip_allowlist"?: (string)[];
    };
    "client_id"?: string;
    "tenant"?: string;
    "global"?: boolean;
    "signing_keys"?: ({
      "cert": string;
      "pkcs7": string;
      "subject": string;
    })[];
    "resource_server_identifier"?: string | null;
    "jwks_uri"?: string;
    "external_metadata_type"?: "dcr";
  };
  'GET /clients/{id}': Answers['POST /clients'];
  'PATCH /clients/{id}': Answers['POST /clients'];
  'POST /clients/{id}/rotate-secret': Answers['POST /clients'];
  'GET /clients/{id}/connections': {
    "connections": ({
      "id": string;
      "options": {
        "validation"?: {
          "username"?: {
            "min": number;
            "max": number;
          } | null;
        } | null;
        "attributes"?: {
          "email"?: {
            "identifier"?: {
              "active"?: boolean;
              "default_method"?: "password" | "email_otp";
            };
            "unique"?: boolean;
            "profile_required"?: boolean;
            "verification_method"?: "link" | "otp";
            "signup"?: {
              "status"?: "required" | "optional" | "inactive";
              "verification"?: {
                "active"?: boolean;
              };
            };
          };
          "phone_number"?: {
            "identifier"?: {
              "active"?: boolean;
              "default_method"?: "password" | "phone_otp";
            };
            "profile_required"?: boolean;
            "signup"?: {
              "status"?: "required" | "optional" | "inactive";
              "verification"?: {
                "active"?: boolean;
              };
            };
          };
          "username"?: {
            "identifier"?: {
              "active"?: boolean;
            };
            "profile_required"?: boolean;
            "signup"?: {
              "status"?: "required" | "optional" | "inactive";
            };
            "validation"?: {
              "min_length"?: number;
              "max_length"?: number;
              "allowed_types"?: {
                "email"?: boolean;
                "phone_number"?: boolean;
              };
            };
          };
        };
        "passwordPolicy"?: "none" | "low" | "fair" | "good" | "excellent" | null;
        "password_complexity_options"?: {
          "min_length"?: number;
        } | null;
        "password_history"?: {
          "enable": boolean;
          "size"?: number;
        } | null;
        "password_no_personal_info"?: {
          "enable": boolean;
        } | null;
        "password_dictionary"?: {
          "enable": boolean;
          "dictionary"?: (string)[];
        } | null;
        "password_options"?: {
          "complexity"?: {
            "min_length"?: number;
            "character_types"?: ("lowercase" | "uppercase" | "number" | "special")[];
            "character_type_rule"?: "all" | "three_of_four";
            "identical_characters"?: "allow" | "block";
            "sequential_characters"?: "allow" | "block";
            "max_length_exceeded"?: "truncate" | "error";
          };
          "dictionary"?: {
            "active"?: boolean;
            "custom"?: (string)[];
            "default"?: "en_10k" | "en_100k";
          };
          "history"?: {
            "active"?: boolean;
            "size"?: number;
          };
          "profile_data"?: {
            "active"?: boolean;
            "blocked_fields"?: (string)[];
          };
        };
        "disable_self_service_change_password"?: boolean;
        "non_persistent_attrs"?: (string)[] | null;
        "precedence"?: ("email" | "phone_number" | "username")[];
        "enable_script_context"?: boolean;
        "enabledDatabaseCustomization"?: boolean;
        "import_mode"?: boolean;
        "configuration"?: {
          [name: string]: string | null;
        } | null;
        "customScripts"?: {
          "login"?: string;
          "get_user"?: string;
          "delete"?: string;
          "change_password"?: string;
          "verify"?: string;
          "create"?: string;
          "change_username"?: string;
          "change_email"?: string;
          "change_phone_number"?: string;
          [name: string]: unknown;
        };
        "authentication_methods"?: {
          "password"?: {
            "enabled"?: boolean;
            "api_behavior"?: "required" | "optional";
            "signup_behavior"?: "allow" | "block";
          };
          "passkey"?: {
            "enabled"?: boolean;
          };
          "email_otp"?: {
            "enabled"?: boolean;
          };
          "phone_otp"?: {
            "enabled"?: boolean;
          };
        } | null;
        "passkey_options"?: {
          "challenge_ui"?: "both" | "autofill" | "button";
          "progressive_enrollment_enabled"?: boolean;
          "local_enrollment_enabled"?: boolean;
        } | null;
        "api_enable_users"?: boolean;
        "api_enable_groups"?: boolean;
        "basic_profile"?: boolean;
        "ext_admin"?: boolean;
        "ext_is_suspended"?: boolean;
        "ext_agreed_terms"?: boolean;
        "ext_groups"?: boolean;
        "ext_assigned_plans"?: boolean;
        "ext_profile"?: boolean;
        "upstream_params"?: {
          [name: string]: {
            "alias"?: "acr_values" | "audience" | "client_id" | "display" | "id_token_hint" | "login_hint" | "max_age" | "prompt" | "resource" | "response_mode" | "response_type" | "ui_locales";
          } | {
            "value"?: string;
          };
        } | null;
        "set_user_root_attributes"?: "on_each_login" | "on_first_login" | "never_on_login";
        "gateway_authentication"?: {
          "method": string;
          "subject"?: string;
          "audience": string;
          "secret": string;
          "secret_base64_encoded"?: boolean;
          [name: string]: unknown;
        } | null;
        "federated_connections_access_tokens"?: {
          "active"?: boolean;
        } | null;
        "assertion_decryption_settings"?: {
          "algorithm_profile": "v2026-1";
          "algorithm_exceptions"?: (string)[];
        };
        "id_token_signed_response_algs"?: ("ES256" | "ES384" | "PS256" | "PS384" | "RS256" | "RS384" | "RS512")[] | null;
        "dpop_signing_alg"?: "ES256" | "ES384" | "ES512" | "Ed25519";
        "token_endpoint_auth_method"?: "client_secret_post" | "private_key_jwt";
        "token_endpoint_auth_signing_alg"?: "ES256" | "ES384" | "PS256" | "PS384" | "RS256" | "RS384" | "RS512";
        "token_endpoint_jwtca_aud_format"?: "issuer" | "token_endpoint";
        "id_token_session_expiry_supported"?: boolean;
        "disable_signup"?: boolean;
        "requires_username"?: boolean;
        "brute_force_protection"?: boolean;
        [name: string]: unknown;
      };
      "strategy": string;
      "name": string;
      "is_domain_connection": boolean;
      "show_as_button"?: boolean;
      "display_name"?: string;
      "authentication"?: {
        "active": boolean;
      };
      "connected_accounts"?: {
        "active": boolean;
        "cross_app_access"?: boolean;
      };
      "cross_app_access_requesting_app"?: {
        "active": boolean;
      };
      "realms": (string)[];
      "metadata"?: {
        [name: string]: string;
      };
    })[];
    "next"?: string;
  };
  'GET /client-grants': (Answers['POST /client-grants'])[] | {
    "start": number;
    "limit": number;
    "total": number;
    "client_grants": (Answers['POST /client-grants'])[];
  } | {
    "client_grants": (Answers['POST /client-grants'])[];
    "next"?: string;
  };
  'POST /client-grants': {
    "client_id"?: string;
    "default_for"?: "third_party_clients";
    "audience": string;
    "scope"?: (string)[];
    "subject_type"?: "client" | "user";
    "allow_all_scopes"?: boolean;
    "organization_usage"?: "deny" | "allow" | "require";
    "allow_any_organization"?: boolean;
    "authorization_details_types"?: (string)[];
    "id": string;
  };
  'GET /client-grants/{id}': Answers['POST /client-grants'];
  'PATCH /client-grants/{id}': Answers['POST /client-grants'];
  'GET /users': (Answers['POST /users'])[] | {
    "start": number;
    "limit": number;
    "length": number;
    "total": number;
    "users": (Answers['POST /users'])[];
  } | {
    "users": (Answers['POST /users'])[];
    "next"?: string;
  };
  'POST /users': {
    "user_id": string;
    "email"?: string;
    "email_verified"?: boolean;
    "username"?: string;
    "phone_number"?: string;
    "phone_verified"?: boolean;
    "name": string;
    "given_name"?: string;
    "family_name"?: string;
    "nickname": string;
    "picture": string;
    "identities": ({
      "connection": string;
      "user_id": string;
      "provider": string;
      "isSocial": boolean;
      "profileData"?: {
        "email"?: string;
        "email_verified"?: boolean;
        "name"?: string;
        "username"?: string;
        "given_name"?: string;
        "family_name"?: string;
        "nickname"?: string;
        "picture"?: string;
        "phone_number"?: string;
        "phone_verified"?: boolean;
      };
    })[];
    "user_metadata"?: {
      [name: string]: unknown;
    };
    "app_metadata"?: {
      [name: string]: unknown;
    };
    "blocked"?: boolean;
    "multifactor"?: (string)[];
    "multifactor_last_modified"?: string;
    "last_ip"?: string;
    "last_login"?: string;
    "logins_count"?: number;
    "last_password_reset"?: string;
    "created_at": string;
    "updated_at": string;
  };
  'GET /users/{id}': Answers['POST /users'];
  'PATCH /users/{id}': Answers['POST /users'];
  'GET /users-by-email': (Answers['POST /users'])[];
  'POST /users/{id}/identities': ({
    "connection": string;
    "user_id": string;
    "provider": string;
    "isSocial": boolean;
    "profileData"?: {
      "email"?: string;
      "email_verified"?: boolean;
      "name"?: string;
      "username"?: string;
      "given_name"?: string;
      "family_name"?: string;
      "nickname"?: string;
      "picture"?: string;
      "phone_number"?: string;
      "phone_verified"?: boolean;
    };
  })[];
  'DELETE /users/{id}/identities/{provider}/{user_id}': ({
    "connection": string;
    "user_id": string;
    "provider": string;
    "isSocial": boolean;
    "profileData"?: {
      "email"?: string;
      "email_verified"?: boolean;
      "name"?: string;
      "username"?: string;
      "given_name"?: string;
      "family_name"?: string;
      "nickname"?: string;
      "picture"?: string;
      "phone_number"?: string;
      "phone_verified"?: boolean;
    };
  })[];
  'GET /user-blocks/{id}': {
    "blocked_for": ({
      "identifier": string;
      "ip"?: string;
      "connection": string;
    })[];
  };
  'GET /user-blocks': Answers['GET /user-blocks/{id}'];
  'GET /users/{id}/authentication-methods': (Answers['POST /users/{id}/authentication-methods'])[] | {
    "start": number;
    "limit": number;
    "total": number;
    "authenticators": (Answers['POST /users/{id}/authentication-methods'])[];
  } | {
    "authenticators": (Answers['POST /users/{id}/authentication-methods'])[];
    "next"?: string;
  };
  'POST /users/{id}/authentication-methods': {
    "id": string;
    "type": string;
    "confirmed"?: boolean;
    "name"?: string;
    "totp_secret"?: string;
    "authentication_methods"?: ({
      "type": string;
      "id": string;
    })[];
    "phone_number"?: string;
    "preferred_authentication_method"?: string;
    "email"?: string;
    "key_id"?: string;
    "public_key"?: string;
    "aaguid"?: string;
    "relying_party_identifier"?: string;
    "credential_device_type"?: string;
    "credential_backed_up"?: boolean;
    "identity_user_id"?: string;
    "user_agent"?: string;
    "user_handle"?: string;
    "transports"?: (string)[];
    "created_at": string;
  };
  'PUT /users/{id}/authentication-methods': (Answers['POST /users/{id}/authentication-methods'])[];
  'GET /users/{id}/authentication-methods/{authentication_method_id}': Answers['POST /users/{id}/authentication-methods'];
  'PATCH /users/{id}/authentication-methods/{authentication_method_id}': Answers['POST /users/{id}/authentication-methods'];
  'GET /roles': (Answers['POST /roles'])[] | {
    "start": number;
    "limit": number;
    "total": number;
    "roles": (Answers['POST /roles'])[];
  } | {
    "roles": (Answers['POST /roles'])[];
    "next"?: string;
  };
  'POST /roles': {
    "id": string;
    "name": string;
    "description"?: string;
    "type": "tenant" | "organization" | "system";
  };
  'GET /roles/{id}': Answers['POST /roles'];
  'PATCH /roles/{id}': Answers['POST /roles'];
  'DELETE /roles/{id}': Record<string, never>;
  'GET /roles/{id}/permissions': ({
    "permission_name": string;
    "description": string;
    "resource_server_identifier": string;
    "resource_server_name": string;
  })[] | {
    "start": number;
    "limit": number;
    "total": number;
    "permissions": ({
      "permission_name": string;
      "description": string;
      "resource_server_identifier": string;
      "resource_server_name": string;
    })[];
  } | {
    "permissions": ({
      "permission_name": string;
      "description": string;
      "resource_server_identifier": string;
      "resource_server_name": string;
    })[];
    "next"?: string;
  };
  'POST /roles/{id}/permissions': Record<string, never>;
  'GET /roles/{id}/users': ({
    "user_id": string;
    "email"?: string;
    "picture": string;
    "name": string;
  })[] | {
    "start": number;
    "limit": number;
    "total": number;
    "users": ({
      "user_id": string;
      "email"?: string;
      "picture": string;
      "name": string;
    })[];
  } | {
    "users": ({
      "user_id": string;
      "email"?: string;
      "picture": string;
      "name": string;
    })[];
    "next"?: string;
  };
  'POST /roles/{id}/users': Record<string, never>;
  'GET /users/{id}/roles': (Answers['POST /roles'])[] | {
    "start": number;
    "limit": number;
    "total": number;
    "roles": (Answers['POST /roles'])[];
  } | {
    "roles": (Answers['POST /roles'])[];
    "next"?: string;
  };
  'GET /users/{id}/permissions': ({
    "permission_name": string;
    "description": string;
    "resource_server_identifier": string;
    "resource_server_name": string;
    "sources": ({
      "source_id": string;
      "source_name": string;
      "source_type": "DIRECT" | "ROLE";
    })[];
  })[] | {
    "start": number;
    "limit": number;
    "total": number;
    "permissions": ({
      "permission_name": string;
      "description": string;
      "resource_server_identifier": string;
      "resource_server_name": string;
      "sources": ({
        "source_id": string;
        "source_name": string;
        "source_type": "DIRECT" | "ROLE";
      })[];
    })[];
  } | {
    "permissions": ({
      "permission_name": string;
      "description": string;
      "resource_server_identifier": string;
      "resource_server_name": string;
      "sources": ({
        "source_id": string;
        "source_name": string;
        "source_type": "DIRECT" | "ROLE";
      })[];
    })[];
    "next"?: string;
  };
  'POST /users/{id}/permissions': Record<string, never>;
  'GET /organizations': (Answers['GET /organizations/name/{name}'])[] | {
    "start": number;
    "limit": number;
    "total": number;
    "organizations": (Answers['GET /organizations/name/{name}'])[];
  } | {
    "organizations": (Answers['GET /organizations/name/{name}'])[];
    "next"?: string;
  };
  'POST /organizations': {
    "id": string;
    "name": string;
    "display_name"?: string;
    "branding"?: {
      "logo_url"?: string;
      "colors"?: {
        "primary": string;
        "page_background": string;
      };
    };
    "metadata"?: {
      [name: string]: string;
    };
    "token_quota"?: unknown;
    "third_party_client_access"?: unknown;
    "is_app_entitlement_active"?: unknown;
    "enabled_connections"?: (Answers['POST /organizations/{id}/enabled_connections'])[];
  };
  'GET /organizations/name/{name}': {
    "id": string;
    "name": string;
    "display_name"?: string;
    "branding"?: {
      "logo_url"?: string;
      "colors"?: {
        "primary": string;
        "page_background": string;
      };
    };
    "metadata"?: {
      [name: string]: string;
    };
    "token_quota"?: unknown;
    "third_party_client_access"?: unknown;
    "is_app_entitlement_active"?: unknown;
  };
  'GET /organizations/{id}': Answers['GET /organizations/name/{name}'];
  'PATCH /organizations/{id}': Answers['GET /organizations/name/{name}'];
  'GET /users/{id}/organizations': (Answers['GET /organizations/name/{name}'])[] | {
    "start": number;
    "limit": number;
    "total": number;
    "organizations": (Answers['GET /organizations/name/{name}'])[];
  } | {
    "organizations": (Answers['GET /organizations/name/{name}'])[];
    "next"?: string;
  };
  'GET /organizations/{id}/connections': (Answers['POST /organizations/{id}/connections'])[] | {
    "start": number;
    "limit": number;
    "total": number;
    "connections": (Answers['POST /organizations/{id}/connections'])[];
  } | {
    "connections": (Answers['POST /organizations/{id}/connections'])[];
    "next"?: string;
  };
  'POST /organizations/{id}/connections': {
    "connection_id": string;
    "assign_membership_on_login": boolean;
    "show_as_button": boolean;
    "is_signup_enabled"?: boolean;
    "connection": {
      "name": string;
      "strategy": string;
    };
    "organization_connection_name"?: string;
    "is_enabled": boolean;
    "organization_access_level"?: unknown;
  };
  'GET /organizations/{id}/enabled_connections': (Answers['POST /organizations/{id}/enabled_connections'])[] | {
    "start": number;
    "limit": number;
    "total": number;
    "enabled_connections": (Answers['POST /organizations/{id}/enabled_connections'])[];
  } | {
    "enabled_connections": (Answers['POST /organizations/{id}/enabled_connections'])[];
    "next"?: string;
  };
  'POST /organizations/{id}/enabled_connections': {
    "connection_id": string;
    "assign_membership_on_login": boolean;
    "show_as_button": boolean;
    "is_signup_enabled"?: boolean;
    "connection": {
      "name": string;
      "strategy": string;
    };
  };
  'GET /organizations/{id}/connections/{connection_id}': Answers['POST /organizations/{id}/connections'];
  'PATCH /organizations/{id}/connections/{connection_id}': Answers['POST /organizations/{id}/connections'];
  'GET /organizations/{id}/enabled_connections/{connectionId}': Answers['POST /organizations/{id}/enabled_connections'];
  'PATCH /organizations/{id}/enabled_connections/{connectionId}': Answers['POST /organizations/{id}/enabled_connections'];
  'GET /organizations/{id}/client-grants': (never)[] | {
    "start": number;
    "limit": number;
    "total": number;
    "client_grants": (never)[];
  } | {
    "client_grants": (never)[];
    "next"?: string;
  };
  'GET /organizations/{id}/members': ({
    "user_id": string;
    "email"?: string;
    "picture": string;
    "name": string;
    "roles"?: ({
      "id": string;
      "name": string;
    })[];
  })[] | {
    "start": number;
    "limit": number;
    "total": number;
    "members": ({
      "user_id": string;
      "email"?: string;
      "picture": string;
      "name": string;
      "roles"?: ({
        "id": string;
        "name": string;
      })[];
    })[];
  } | {
    "members": ({
      "user_id": string;
      "email"?: string;
      "picture": string;
      "name": string;
      "roles"?: ({
        "id": string;
        "name": string;
      })[];
    })[];
    "next"?: string;
  };
  'GET /organizations/{id}/members/{user_id}/roles': (Answers['POST /roles'])[] | {
    "start": number;
    "limit": number;
    "total": number;
    "roles": (Answers['POST /roles'])[];
  } | {
    "roles": (Answers['POST /roles'])[];
    "next"?: string;
  };
  'GET /organizations/{id}/invitations': (Answers['POST /organizations/{id}/invitations'])[] | {
    "start": number;
    "limit": number;
    "total": number;
    "invitations": (Answers['POST /organizations/{id}/invitations'])[];
  } | {
    "invitations": (Answers['POST /organizations/{id}/invitations'])[];
    "next"?: string;
  };
  'POST /organizations/{id}/invitations': {
    "id": string;
    "organization_id": string;
    "client_id": string;
    "connection_id"?: string;
    "inviter": {
      "name": string;
    };
    "invitee": {
      "email": string;
    };
    "roles"?: (string)[];
    "user_metadata"?: {
      [name: string]: unknown;
    };
    "app_metadata"?: {
      [name: string]: unknown;
    };
    "invitation_url"?: string;
    "ticket_id"?: string;
    "created_at": string;
    "expires_at": string;
  };
  'GET /organizations/{id}/invitations/{invitation_id}': Answers['POST /organizations/{id}/invitations'];
  'GET /logs': (Answers['GET /logs/{id}'])[] | {
    "start": number;
    "limit": number;
    "length": number;
    "total": number;
    "logs": (Answers['GET /logs/{id}'])[];
  } | {
    "logs": (Answers['GET /logs/{id}'])[];
    "next"?: string;
  };
  'GET /logs/{id}': {
    "_id": string;
    "log_id": string;
    "date": string;
    "type": string;
    "description": string;
    "connection": string | null;
    "connection_id": string | null;
    "organization_id": string | null;
    "organization_name": string | null;
    "client_id": string | null;
    "client_name": string | null;
    "ip": string;
    "hostname": string | null;
    "user_id": string | null;
    "user_name": string | null;
    "user_agent": string | null;
    "audience": string | null;
    "scope": string | null;
    "strategy": string | null;
    "strategy_type": string | null;
    "isMobile": boolean;
    "location_info": null;
    "details": {
      [name: string]: unknown;
    } | null;
    "auth0_client"?: unknown;
  };
  'GET /users/{id}/logs': (Answers['GET /logs/{id}'])[] | {
    "start": number;
    "limit": number;
    "length": number;
    "total": number;
    "logs": (Answers['GET /logs/{id}'])[];
  } | {
    "logs": (Answers['GET /logs/{id}'])[];
    "next"?: string;
  };
  'GET /sessions/{id}': {
    "id": string;
    "user_id": string;
    "created_at": string;
    "updated_at": string;
    "authenticated_at": string;
    "idle_expires_at": string;
    "expires_at": string;
    "last_interacted_at": string;
    "device": {
      "initial_ip": string;
      "initial_user_agent": string;
      "last_ip": string;
      "last_user_agent": string;
    };
    "clients": ({
      "client_id": string;
    })[];
    "authentication": {
      "methods": ({
        "name": string;
        "timestamp": string;
      })[];
    };
    "cookie": {
      "mode": "persistent" | "non-persistent";
    };
    "session_metadata"?: {
      [name: string]: unknown;
    };
  };
  'PATCH /sessions/{id}': Answers['GET /sessions/{id}'];
  'DELETE /sessions/{id}': Record<string, never>;
  'POST /sessions/{id}/revoke': Record<string, never>;
  'GET /users/{user_id}/sessions': {
    "sessions": (Answers['GET /sessions/{id}'])[];
    "next"?: string;
  };
  'DELETE /users/{user_id}/sessions': Record<string, never>;
  'POST /users/{id}/revoke-access': Record<string, never>;
  'GET /refresh-tokens/{id}': {
    "id": string;
    "user_id": string;
    "created_at": string;
    "idle_expires_at": string | null;
    "expires_at": string | null;
    "client_id": string;
    "session_id": string | null;
    "rotating": boolean;
    "resource_servers": ({
      "audience": string;
      "scopes": string;
    })[];
    "device"?: {
      "initial_ip": string;
      "initial_user_agent": string;
      "last_ip": string;
      "last_user_agent": string;
    };
    "refresh_token_metadata"?: {
      [name: string]: unknown;
    };
    "last_exchanged_at"?: string;
  };
  'PATCH /refresh-tokens/{id}': Answers['GET /refresh-tokens/{id}'];
  'DELETE /refresh-tokens/{id}': Record<string, never>;
  'POST /refresh-tokens/revoke': Record<string, never>;
  'GET /refresh-tokens': {
    "refresh_tokens": (Answers['GET /refresh-tokens/{id}'])[];
    "next"?: string;
  };
  'GET /users/{user_id}/refresh-tokens': {
    "tokens": (Answers['GET /refresh-tokens/{id}'])[];
    "next"?: string;
    "total"?: number;
  };
  'DELETE /users/{user_id}/refresh-tokens': Record<string, never>;
  'GET /grants': ({
    "id": string;
    "clientID": string;
    "user_id": string;
    "audience": string;
    "scope": (string)[];
  })[] | {
    "start": number;
    "limit": number;
    "total": number;
    "grants": ({
      "id": string;
      "clientID": string;
      "user_id": string;
      "audience": string;
      "scope": (string)[];
    })[];
  } | {
    "grants": ({
      "id": string;
      "clientID": string;
      "user_id": string;
      "audience": string;
      "scope": (string)[];
    })[];
    "next"?: string;
  };
  'GET /actions/actions': {
    "actions": (never)[];
    "total": number;
    "page": number;
    "per_page": number;
  };
  'POST /tickets/password-change': {
    "ticket": string;
  };
  'POST /tickets/email-verification': Answers['POST /tickets/password-change'];
  'POST /jobs/verification-email': {
    "id": string;
    "type": string;
    "status": string;
    "created_at": string;
    "connection_id"?: string;
    "connection"?: string;
    "format"?: string;
    "limit"?: number;
    "fields"?: ({
      [name: string]: string;
    })[];
    "location"?: string;
    "external_id"?: string;
    "summary"?: {
      "failed": number;
      "updated": number;
      "inserted": number;
      "total": number;
    };
    "percentage_done"?: number;
  };
  'POST /jobs/users-imports': Answers['POST /jobs/verification-email'];
  'POST /jobs/users-exports': Answers['POST /jobs/verification-email'];
  'GET /jobs/{id}': Answers['POST /jobs/verification-email'];
  'GET /jobs/{id}/errors': ({
    "user": {
      [name: string]: unknown;
    };
    "errors": ({
      "code": string;
      "message": string;
      "path"?: string;
    })[];
  })[] | null;
  'GET /connections': (Answers['POST /connections'])[] | {
    "start": number;
    "limit": number;
    "total": number;
    "connections": (Answers['POST /connections'])[];
  } | {
    "connections": (Answers['POST /connections'])[];
    "next"?: string;
  };
  'POST /connections': {
    "id": string;
    "options": {
      "validation"?: {
        "username"?: {
          "min": number;
          "max": number;
        } | null;
      } | null;
      "attributes"?: {
        "email"?: {
          "identifier"?: {
            "active"?: boolean;
            "default_method"?: "password" | "email_otp";
          };
          "unique"?: boolean;
          "profile_required"?: boolean;
          "verification_method"?: "link" | "otp";
          "signup"?: {
            "status"?: "required" | "optional" | "inactive";
            "verification"?: {
              "active"?: boolean;
            };
          };
        };
        "phone_number"?: {
          "identifier"?: {
            "active"?: boolean;
            "default_method"?: "password" | "phone_otp";
          };
          "profile_required"?: boolean;
          "signup"?: {
            "status"?: "required" | "optional" | "inactive";
            "verification"?: {
              "active"?: boolean;
            };
          };
        };
        "username"?: {
          "identifier"?: {
            "active"?: boolean;
          };
          "profile_required"?: boolean;
          "signup"?: {
            "status"?: "required" | "optional" | "inactive";
          };
          "validation"?: {
            "min_length"?: number;
            "max_length"?: number;
            "allowed_types"?: {
              "email"?: boolean;
              "phone_number"?: boolean;
            };
          };
        };
      };
      "passwordPolicy"?: "none" | "low" | "fair" | "good" | "excellent" | null;
      "password_complexity_options"?: {
        "min_length"?: number;
      } | null;
      "password_history"?: {
        "enable": boolean;
        "size"?: number;
      } | null;
      "password_no_personal_info"?: {
        "enable": boolean;
      } | null;
      "password_dictionary"?: {
        "enable": boolean;
        "dictionary"?: (string)[];
      } | null;
      "password_options"?: {
        "complexity"?: {
          "min_length"?: number;
          "character_types"?: ("lowercase" | "uppercase" | "number" | "special")[];
          "character_type_rule"?: "all" | "three_of_four";
          "identical_characters"?: "allow" | "block";
          "sequential_characters"?: "allow" | "block";
          "max_length_exceeded"?: "truncate" | "error";
        };
        "dictionary"?: {
          "active"?: boolean;
          "custom"?: (string)[];
          "default"?: "en_10k" | "en_100k";
        };
        "history"?: {
          "active"?: boolean;
          "size"?: number;
        };
        "profile_data"?: {
          "active"?: boolean;
          "blocked_fields"?: (string)[];
        };
      };
      "disable_self_service_change_password"?: boolean;
      "non_persistent_attrs"?: (string)[] | null;
      "precedence"?: ("email" | "phone_number" | "username")[];
      "enable_script_context"?: boolean;
      "enabledDatabaseCustomization"?: boolean;
      "import_mode"?: boolean;
      "configuration"?: {
        [name: string]: string | null;
      } | null;
      "customScripts"?: {
        "login"?: string;
        "get_user"?: string;
        "delete"?: string;
        "change_password"?: string;
        "verify"?: string;
        "create"?: string;
        "change_username"?: string;
        "change_email"?: string;
        "change_phone_number"?: string;
        [name: string]: unknown;
      };
      "authentication_methods"?: {
        "password"?: {
          "enabled"?: boolean;
          "api_behavior"?: "required" | "optional";
          "signup_behavior"?: "allow" | "block";
        };
        "passkey"?: {
          "enabled"?: boolean;
        };
        "email_otp"?: {
          "enabled"?: boolean;
        };
        "phone_otp"?: {
          "enabled"?: boolean;
        };
      } | null;
      "passkey_options"?: {
        "challenge_ui"?: "both" | "autofill" | "button";
        "progressive_enrollment_enabled"?: boolean;
        "local_enrollment_enabled"?: boolean;
      } | null;
      "api_enable_users"?: boolean;
      "api_enable_groups"?: boolean;
      "basic_profile"?: boolean;
      "ext_admin"?: boolean;
      "ext_is_suspended"?: boolean;
      "ext_agreed_terms"?: boolean;
      "ext_groups"?: boolean;
      "ext_assigned_plans"?: boolean;
      "ext_profile"?: boolean;
      "upstream_params"?: {
        [name: string]: {
          "alias"?: "acr_values" | "audience" | "client_id" | "display" | "id_token_hint" | "login_hint" | "max_age" | "prompt" | "resource" | "response_mode" | "response_type" | "ui_locales";
        } | {
          "value"?: string;
        };
      } | null;
      "set_user_root_attributes"?: "on_each_login" | "on_first_login" | "never_on_login";
      "gateway_authentication"?: {
        "method": string;
        "subject"?: string;
        "audience": string;
        "secret": string;
        "secret_base64_encoded"?: boolean;
        [name: string]: unknown;
      } | null;
      "federated_connections_access_tokens"?: {
        "active"?: boolean;
      } | null;
      "assertion_decryption_settings"?: {
        "algorithm_profile": "v2026-1";
        "algorithm_exceptions"?: (string)[];
      };
      "id_token_signed_response_algs"?: ("ES256" | "ES384" | "PS256" | "PS384" | "RS256" | "RS384" | "RS512")[] | null;
      "dpop_signing_alg"?: "ES256" | "ES384" | "ES512" | "Ed25519";
      "token_endpoint_auth_method"?: "client_secret_post" | "private_key_jwt";
      "token_endpoint_auth_signing_alg"?: "ES256" | "ES384" | "PS256" | "PS384" | "RS256" | "RS384" | "RS512";
      "token_endpoint_jwtca_aud_format"?: "issuer" | "token_endpoint";
      "id_token_session_expiry_supported"?: boolean;
      "disable_signup"?: boolean;
      "requires_username"?: boolean;
      "brute_force_protection"?: boolean;
      [name: string]: unknown;
    };
    "strategy": string;
    "name": string;
    "is_domain_connection": boolean;
    "show_as_button"?: boolean;
    "display_name"?: string;
    "authentication"?: {
      "active": boolean;
    };
    "connected_accounts"?: {
      "active": boolean;
      "cross_app_access"?: boolean;
    };
    "cross_app_access_requesting_app"?: {
      "active": boolean;
    };
    "realms": (string)[];
    "metadata"?: {
      [name: string]: string;
    };
    "enabled_clients": (string)[];
  };
  'GET /connections/{id}': Answers['POST /connections'];
  'PATCH /connections/{id}': Answers['POST /connections'];
  'DELETE /connections/{id}': {
    "deleted_at": string;
  } | null;
  'GET /connections/{id}/clients': {
    "clients": ({
      "client_id": string;
    })[];
    "next"?: string;
  };
  'GET /resource-servers': (Answers['POST /resource-servers'])[] | {
    "start": number;
    "limit": number;
    "total": number;
    "resource_servers": (Answers['POST /resource-servers'])[];
  } | {
    "resource_servers": (Answers['POST /resource-servers'])[];
    "next"?: string;
  };
  'POST /resource-servers': {
    "id": string;
    "name": string;
    "is_system"?: boolean;
    "identifier": string;
    "scopes": ({
      "value": string;
      "description"?: string;
    })[];
    "signing_alg": "RS256" | "PS256" | "ES256" | "HS256";
    "signing_secret"?: string;
    "allow_offline_access": boolean;
    "allow_online_access"?: boolean;
    "allow_online_access_with_ephemeral_sessions"?: boolean;
    "skip_consent_for_verifiable_first_party_clients": boolean;
    "token_lifetime": number;
    "token_lifetime_for_web": number;
    "enforce_policies"?: boolean;
    "token_dialect"?: string;
    "token_encryption"?: {
      "format": "compact-nested-jwe";
      "encryption_key": {
        "name"?: string;
        "alg": "RSA-OAEP-256" | "RSA-OAEP-384" | "RSA-OAEP-512";
        "kid"?: string;
        "pem": string;
      };
    } | null;
    "consent_policy"?: "transactional-authorization-with-mfa" | null;
    "authorization_details"?: (unknown)[] | null;
    "proof_of_possession"?: {
      "mechanism": string;
      "required": boolean;
      "required_for": string;
    };
    "subject_type_authorization"?: {
      "user"?: {
        "policy"?: "allow_all" | "deny_all" | "require_client_grant";
      };
      "client"?: {
        "policy"?: "deny_all" | "require_client_grant";
      };
    } | null;
    "authorization_policy"?: {
      "policy_id": string;
    } | null;
  };
  'GET /resource-servers/{id}': Answers['POST /resource-servers'];
  'PATCH /resource-servers/{id}': Answers['POST /resource-servers'];
}
