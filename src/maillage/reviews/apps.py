from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "maillage.reviews"
    label = "reviews"
