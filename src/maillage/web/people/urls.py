"""URLs for signing in and for accounts: the allauth views offered here, under our own addresses."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.usersessions import views as sessions
from django.conf import settings
from django.urls import URLPattern, path, re_path

from maillage.web.people import account_views as ours
from maillage.web.people import mandate_views, person_views, sign_in_views

urlpatterns: list[URLPattern] = [
    path("sign-in", sign_in_views.SignInView.as_view(), name="account_login"),
    path("sign-in", sign_in_views.SignInView.as_view(), name="sign-in"),
    path("sign-in/code", account.request_login_code, name="account_request_login_code"),
    path("sign-in/code/confirm", account.confirm_login_code, name="account_confirm_login_code"),
    path("sign-in/second", factors.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey", keys.login_webauthn, name="mfa_login_webauthn"),
    path("sign-up", ours.sign_up_closed_page, name="account_signup"),
    path("sign-out", account.logout, name="account_logout"),
    path("sign-out", account.logout, name="sign-out"),
    path("account", ours.account_page, name="account"),
    path("account/data.json", ours.personal_data_file, name="account-data"),
    path("account/erase", ours.erase_account, name="account-erase"),
    path("account/inactive", account.account_inactive, name="account_inactive"),
    path("account/people", person_views.people_page, name="people"),
    path("account/people/<int:pk>/<slug:what>", person_views.act_on_person, name="act-on-person"),
    path("account/new", ours.open_account, name="account-new"),
    path("account/confirm", account.reauthenticate, name="account_reauthenticate"),
    path("account/confirm/code", factors.reauthenticate, name="mfa_reauthenticate"),
    path("account/confirm/passkey", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/mail", account.email, name="account_email"),
    path("account/mail/sent", account.email_verification_sent, name="account_email_verification_sent"),
    path("account/mail/confirm/<str:key>", account.confirm_email, name="account_confirm_email"),
    path("account/password", account.password_change, name="account_change_password"),
    path("account/password/set", account.password_set, name="account_set_password"),
    path("account/password/reset", account.password_reset, name="account_reset_password"),
    path("account/password/reset/sent", account.password_reset_done, name="account_reset_password_done"),
    path(
        "account/password/reset/done",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^account/password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("account/second-factor", factors.index, name="mfa_index"),
    path("account/second-factor/app", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-factor/app/remove", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/second-factor/codes", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/second-factor/codes/new", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/second-factor/codes.txt", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("account/passkeys", keys.list_webauthn, name="mfa_list_webauthn"),
    path("account/passkeys/new", keys.add_webauthn, name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>", keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/passkeys/<int:pk>/remove", keys.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/sessions", sessions.list_usersessions, name="usersessions_list"),
    path("account/sessions/<int:pk>/end", ours.end_session, name="usersessions_end"),
    path("mandates/", mandate_views.own_mandates_page, name="mandates"),
    path("mandates/use", mandate_views.use_mandate, name="use-mandate"),
    path("mandates/hand-over", mandate_views.hand_over_mandate, name="hand-over"),
    path("mandates/of/<str:key>", mandate_views.organisation_mandates_page, name="mandates-of"),
    path("mandates/of/<str:key>/invite", mandate_views.invite_person, name="invite"),
    path(
        "mandates/of/<str:key>/invitations/<int:pk>/withdraw",
        mandate_views.withdraw_invitation,
        name="withdraw-invitation",
    ),
    path("mandates/of/<str:key>/<int:pk>/end", mandate_views.end_mandate, name="end-mandate"),
    path("mandates/of/<str:key>/<int:pk>/hand-over", mandate_views.hand_over_desk, name="hand-over-desk"),
    path("invitation/<str:secret>", mandate_views.invitation_page, name="invitation"),
]
if settings.SOCIALACCOUNT_PROVIDERS:
    from maillage.web.people.provider_urls import language_urlpatterns

    urlpatterns += language_urlpatterns
