"""What needs hold of persons who have an account: told to them, and forgotten with the account."""

from maillage.partnerships.models import Requester
from maillage.people.personal_data import PersonalData, register_personal_data

register_personal_data(
    PersonalData("needs", Requester, "person", ("organisation", "contact", "email", "need__key", "need__title"))
)
