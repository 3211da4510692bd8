"""URLs for the OpenID Connect provider; imported only where the environment configures one."""

from allauth.socialaccount import views
from allauth.socialaccount.providers.openid_connect.views import callback
from django.urls import path

from maillage.web.people import account_views
from maillage.web.people.provider_views import sign_in_by_provider

# These addresses are registered with the provider, so they have no language prefix.
fixed_urlpatterns = [
    path("oidc/<str:provider_id>/sign-in", sign_in_by_provider, name="openid_connect_login"),
    path("oidc/<str:provider_id>/back", callback, name="openid_connect_callback"),
]
language_urlpatterns = [
    path("sign-in/cancelled", views.login_cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/failed", views.login_error, name="socialaccount_login_error"),
    path("sign-up", account_views.sign_up_closed_page, name="socialaccount_signup"),
    path("account", account_views.account_page, name="socialaccount_connections"),
]
