"""The sign-in page."""

from allauth.account.views import LoginView
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode


class SignInView(LoginView):
    def form_invalid(self, form: object) -> HttpResponse:
        """Answer a failed sign-in with status 422."""
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response

    def get_context_data(self, **more: object) -> dict[str, object]:
        """Add the links to the configured OpenID Connect providers."""
        query = urlencode({"next": self.request.GET.get("next", "") or reverse("desk")})
        providers = [
            {"name": app["name"], "url": f"{reverse('openid_connect_login', args=[app['provider_id']])}?{query}"}
            for provider in settings.SOCIALACCOUNT_PROVIDERS.values()
            for app in provider["APPS"]
        ]
        return {**super().get_context_data(**more), "providers": providers}
