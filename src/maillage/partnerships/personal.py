"""What needs hold of persons who have an account: told to them, and forgotten with the account."""

from maillage.partnerships.models import Requester
from maillage.people.personal import Held, hold

hold(Held("needs", Requester, "person", ("organisation", "contact", "email", "need__key", "need__title"), goes=True))
