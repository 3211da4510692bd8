"""URLs of the settings of the site; the logo and the colours have the same address in every language."""

from django.urls import URLPattern, URLResolver, path

from maillage.web.site import first_steps, public_views, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("site/settings/", views.settings_page, name="site-settings"),
    path("site/first-steps", first_steps.first_steps_page, name="first-steps"),
    path("site/settings/logo", views.logo_page, name="site-logo"),
    path("site/settings/shown", views.shown_page, name="site-shown"),
    path("site/settings/texts/<slug:kind>", views.text_edit_page, name="site-text-edit"),
    path("site/settings/<slug:key>", views.part_page, name="site-part"),
    path("site/texts/<slug:kind>", public_views.text_page, name="site-text"),
]

lasting_urlpatterns: list[URLPattern | URLResolver] = [
    path("site/logo/<slug:digest>", public_views.logo_picture, name="site-logo-picture"),
    path("site/colours/<slug:digest>.css", public_views.colour_sheet, name="site-colours"),
]
