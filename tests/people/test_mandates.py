"""Mandates: what they open, for whom and when; invitations; standing in for a colleague."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pghistory.models import Context
from procrastinate.contrib.django.models import ProcrastinateJob

from maillage.api.action_endpoints import action_result
from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import PUBLIC, SYSTEM, Actor
from maillage.notifications.models import Notice
from maillage.people.actions import invitations, mandates
from maillage.people.invitation_mail import invitation_token, render_invitation_mail
from maillage.people.models import Invitation, Mandate, User
from maillage.people.queries import actor_of
from maillage.register.models import Organisation, Tie
from maillage.register.vocabulary import ManagedBy
from tests.people.sample_mandates import (
    PASSWORD,
    actor_of_mandate,
    create_mandate,
    create_organisation,
    create_person,
    days,
    move_organisation,
    today,
)

pytestmark = pytest.mark.django_db


class TestReach:
    def test_a_manager_describes_the_own_body_and_no_other(self):
        own, other = create_organisation("own"), create_organisation("other")
        actor = actor_of_mandate(create_mandate(create_person("ada"), own))
        assert move_organisation(actor, own).city == "Lyon"
        with pytest.raises(ActionForbiddenError, match="ne couvre pas"):
            move_organisation(actor, other)
        other.refresh_from_db()
        assert other.city == ""

    def test_a_mandate_opens_nothing_before_or_after_its_days(self):
        own, ada = create_organisation("own"), create_person("ada")
        one = create_mandate(ada, own, first_day=today() - days(9), last_day=today() - days(1))
        assert actor_of(ada, timezone.now(), one.pk).acting is None
        stale = actor_of(ada, timezone.now() - days(5), one.pk)
        assert stale.acting is not None
        with pytest.raises(ActionForbiddenError):
            move_organisation(stale, own)

    @pytest.mark.parametrize(
        ("managed_by", "allowed"), [("", False), (ManagedBy.OBJECT, True), (ManagedBy.SUBJECT, False)]
    )
    def test_a_manager_acts_for_a_part_only_where_the_tie_says_so(self, managed_by, allowed):
        institute, unit = create_organisation("institute"), create_organisation("unit")
        Tie.objects.create(subject=unit, object=institute, kind="part-of", period_start="2020", managed_by=managed_by,
                           attested=today().isoformat())  # fmt: skip
        actor = actor_of_mandate(create_mandate(create_person("ada"), institute))
        assert (unit.pk in actor.reach) is allowed
        lead = actor_of_mandate(create_mandate(create_person("lea"), institute, role="lead"))
        assert unit.pk not in lead.reach

    def test_the_network_is_what_one_belongs_to_and_what_belongs_to_it_or_beside_it(self):
        own, network, peer, part = (
            create_organisation("own"),
            create_organisation("network"),
            create_organisation("peer"),
            create_organisation("part"),
        )
        former, stranger, partner = (
            create_organisation("former"),
            create_organisation("stranger"),
            create_organisation("partner"),
        )
        for subject, whole, kind, more in (
            (own, network, "member", {}),
            (peer, network, "associated", {}),
            (part, own, "part-of", {}),
            (former, network, "member", {"period_end": "2022"}),
            (peer, stranger, "member", {}),
            (own, partner, "partner", {}),
        ):
            Tie.objects.create(subject=subject, object=whole, kind=kind, period_start="2020",
                               attested=today().isoformat(), **more)  # fmt: skip
        actor = actor_of_mandate(create_mandate(create_person("ada"), own))
        assert actor.network == {own.pk, network.pk, peer.pk, part.pk}
        assert actor.reach == {own.pk}

    def test_a_mandate_of_another_person_is_none(self):
        one = create_mandate(create_person("ada"), create_organisation("own"))
        assert actor_of(create_person("eve"), timezone.now(), one.pk).acting is None


class TestGiving:
    def test_the_database_refuses_the_same_mandate_twice_at_a_time(self):
        ada, own = create_person("ada"), create_organisation("own")
        create_mandate(ada, own)
        with pytest.raises(IntegrityError), transaction.atomic():
            create_mandate(ada, own, first_day=today())

    def test_a_manager_gives_no_role_that_judges(self):
        actor = actor_of_mandate(create_mandate(create_person("ada"), create_organisation("own")))
        with pytest.raises(ActionForbiddenError, match="responsable"):
            invite(actor, role="reviewer")

    def test_a_manager_gives_nobody_a_mandate_unasked(self):
        own = create_organisation("own")
        actor = actor_of_mandate(create_mandate(create_person("ada"), own))
        with pytest.raises(ActionForbiddenError):
            give(actor, create_person("eve"), own)

    def test_a_foreign_manager_invites_nobody(self):
        actor = actor_of_mandate(create_mandate(create_person("ada"), create_organisation("own")))
        with pytest.raises(ActionForbiddenError):
            invite(actor, organisation=create_organisation("other"))

    def test_days_the_wrong_way_round_are_told(self):
        with pytest.raises(ActionError, match="précède le premier"):
            give(SYSTEM, create_person("eve"), create_organisation("own"), last_day=today() - days(1))

    def test_who_is_given_a_mandate_is_told(self):
        own, eve = create_organisation("own"), create_person("eve")
        give(officer(), eve, own)
        assert "own" in Notice.objects.get(person=eve).subject_en

    def test_what_a_manager_gives_ends_no_later_than_what_he_holds(self):
        actor = actor_of_mandate(
            create_mandate(create_person("ada"), create_organisation("own"), last_day=today() + days(9))
        )
        with pytest.raises(ActionError, match="prend fin"):
            invite(actor)
        with pytest.raises(ActionError, match="prend fin"):
            invite(actor, first_day=today() + days(10), last_day=today() + days(20))
        assert invite(actor, last_day=today() + days(9)).last_day == today() + days(9)

    def test_what_was_done_under_a_mandate_stands(self):
        one = create_mandate(create_person("ada"), create_organisation("own"))
        with pytest.raises(ActionError, match="ne peut précéder"):
            end(one, today() - days(2))
        assert end(one, today() - days(1)).last_day == today() - days(1)

    def test_ending_a_mandate_ends_those_handed_over_from_it(self):
        own, ada, bob = create_organisation("own"), create_person("ada"), create_person("bob")
        one = create_mandate(ada, own)
        stand_in = hand_over(one, bob)
        end(one, today())
        stand_in.refresh_from_db()
        assert stand_in.last_day == today()
        assert actor_of_mandate(one, timezone.now() + days(1)).acting is None


def officer() -> Actor:
    return actor_of(User.objects.create(email="officer@example.org", name="O", is_officer=True), timezone.now())


def give(actor: Actor, user: User, organisation: Organisation, **more) -> Mandate:
    arguments = {"role": "lead", "first_day": today(), **more}
    return mandates.give_mandate(
        actor=actor, at=timezone.now(), person_id=user.pk, organisation_id=organisation.pk, **arguments
    )


def invite(actor: Actor, **more) -> Invitation:
    organisation = more.pop("organisation", None)
    arguments = {"email": "eve@example.org", "name": "Eve", "role": "lead", "first_day": today(), **more}
    organisation_id = organisation.pk if organisation else actor.acting.organisation_id
    return invitations.invite(actor=actor, at=timezone.now(), organisation_id=organisation_id, **arguments)


def end(one: Mandate, last_day: dt.date) -> Mandate:
    reason = {"reason": "She left.", "last_day": last_day}
    return mandates.end_mandate(actor=SYSTEM, at=timezone.now(), mandate_id=one.pk, **reason)


def hand_over(
    one: Mandate, user: User, *, first_day: dt.date | None = None, last_day: dt.date | None = None
) -> Mandate:
    Mandate.objects.get_or_create(
        person=user, organisation=one.organisation, role="clinical", defaults={"first_day": today() - days(30)}
    )
    return mandates.delegate(
        actor=actor_of_mandate(one), at=timezone.now(), mandate_id=one.pk, email=user.email,
        first_day=first_day or today(), last_day=last_day or today() + days(14),
    )  # fmt: skip


class TestStandingIn:
    def test_a_colleague_acts_during_those_days_only(self):
        own, bob = create_organisation("own"), create_person("bob")
        stand_in = hand_over(create_mandate(create_person("ada"), own), bob)
        assert move_organisation(actor_of_mandate(stand_in), own).city == "Lyon"
        assert actor_of(bob, timezone.now() + days(15), stand_in.pk).acting is None

    def test_who_stands_in_gives_no_mandate_and_hands_nothing_on(self):
        stand_in = hand_over(create_mandate(create_person("ada"), create_organisation("own")), create_person("bob"))
        with pytest.raises(ActionForbiddenError):
            invite(actor_of_mandate(stand_in))
        with pytest.raises(ActionForbiddenError):
            hand_over(stand_in, create_person("zoe"))

    def test_nobody_hands_over_a_mandate_that_is_not_theirs(self):
        own = create_organisation("own")
        ada, eve = create_mandate(create_person("ada"), own), create_mandate(create_person("eve"), own)
        with pytest.raises(ActionForbiddenError):
            mandates.delegate(
                actor=actor_of_mandate(eve),
                at=timezone.now(),
                mandate_id=ada.pk,
                email="eve@example.org",
                first_day=today(),
                last_day=today(),
            )

    def test_a_mandate_is_handed_to_nobody_from_elsewhere(self):
        one, stranger = create_mandate(create_person("ada"), create_organisation("own")), create_person("eve")
        told = []
        for email in (stranger.email, "nobody@example.org"):
            with pytest.raises(ActionError) as refused:
                mandates.delegate(actor=actor_of_mandate(one), at=timezone.now(), mandate_id=one.pk, email=email,
                                  first_day=today(), last_day=today())  # fmt: skip
            told.append(str(refused.value))
        assert told[0] == told[1]

    def test_days_beyond_the_own_mandate_are_refused(self):
        one = create_mandate(create_person("ada"), create_organisation("own"), last_day=today() + days(3))
        with pytest.raises(ActionError):
            hand_over(one, create_person("bob"))


class TestInvitation:
    def invited(self, client: Client, **more) -> str:
        """Invite by the page; the secret of the link in the mail."""
        client.force_login(User.objects.create(email="officer@example.org", name="O", is_officer=True))
        values = {"name": "Ada", "email": "ada@example.org", "role": "manager", "first_day": today(), "language": "en"}
        answer = client.post("/en/mandates/of/own/invite", values | more)
        assert answer.status_code == 302, answer.content.decode()
        client.logout()
        render_invitation_mail(Invitation.objects.latest("pk")).send()
        found = re.search(r"/\w\w/invitation/(\S+)", mail.outbox[-1].body)
        assert found
        return found[1]

    def test_the_invited_becomes_a_person_with_that_mandate(self, client: Client):
        create_organisation("own", "The own unit")
        secret = self.invited(client)
        assert "fourteen days" in mail.outbox[-1].body
        assert client.get(f"/en/invitation/{secret}").status_code == 200
        weak = client.post(f"/en/invitation/{secret}", {"name": "Ada", "password": "short"})
        assert weak.status_code == 422
        assert not User.objects.filter(email="ada@example.org").exists()
        page = client.post(f"/en/invitation/{secret}", {"name": "Ada", "password": PASSWORD}, follow=True)
        assert "Ada, acting for The own unit (manager)" in page.content.decode()
        again = client.get(f"/en/invitation/{secret}").content.decode()
        assert "accepted already" in again

    def test_the_mail_speaks_french(self, client: Client):
        create_organisation("own")
        self.invited(client, language="fr")
        assert "quatorze jours" in mail.outbox[-1].body
        assert mail.outbox[-1].subject.startswith("Invitation à agir")

    def test_an_old_link_opens_nothing(self, client: Client):
        create_organisation("own")
        secret = self.invited(client)
        Invitation.objects.update(expires_at=timezone.now())
        answer = client.post(f"/en/invitation/{secret}", {"name": "Ada", "password": PASSWORD})
        assert answer.status_code == 422
        assert not Mandate.objects.exists()

    def test_somebody_else_cannot_take_it(self, client: Client):
        create_organisation("own")
        secret = self.invited(client)
        client.force_login(create_person("eve"))
        assert client.post(f"/en/invitation/{secret}", {"name": "Eve", "password": PASSWORD}).status_code == 422
        assert not Mandate.objects.exists()

    def test_a_manager_who_has_left_lets_nobody_in_any_more(self, client: Client):
        own = create_organisation("own")
        ada = create_mandate(create_person("ada"), own)
        sent = invite(actor_of_mandate(ada))
        end(ada, today() - days(1))
        word = invitation_token(sent)
        assert "may not give" in client.get(f"/en/invitation/{word}").content.decode()
        answer = client.post(f"/en/invitation/{word}", {"name": "Eve", "password": PASSWORD})
        assert (answer.status_code, Mandate.objects.filter(role="lead").count()) == (422, 0)

    def test_what_is_accepted_ends_with_what_the_inviter_holds_by_then(self):
        ada = create_mandate(create_person("ada"), create_organisation("own"))
        sent = invite(actor_of_mandate(ada))
        end(ada, today() + days(5))
        taken = invitations.accept_invitation(
            actor=PUBLIC, at=timezone.now(), secret=invitation_token(sent), name="Eve", password=PASSWORD
        )
        assert taken.last_day == today() + days(5)

    def test_whoever_invites_never_sees_the_link(self):
        sent = invite(actor_of_mandate(create_mandate(create_person("ada"), create_organisation("own"))))
        kept = [str(row) for row in ProcrastinateJob.objects.values()] + [str(row) for row in Context.objects.values()]
        assert not [row for row in (str(action_result(sent)), *kept) if invitation_token(sent) in row]

    def test_one_accepted_is_not_withdrawn_but_told(self, client: Client):
        create_organisation("own")
        secret = self.invited(client)
        client.post(f"/en/invitation/{secret}", {"name": "Ada", "password": PASSWORD})
        client.force_login(User.objects.get(email="officer@example.org"))
        address = f"/en/mandates/of/own/invitations/{Invitation.objects.get().pk}/withdraw"
        assert "end the mandate instead" in client.post(address, follow=True).content.decode()

    def test_a_guessed_link_is_not_found(self, client: Client):
        assert client.get("/en/invitation/guess").status_code == 404
        with pytest.raises(ActionError):
            invitations.accept_invitation(actor=PUBLIC, at=timezone.now(), secret="guess")


class TestPages:
    def test_one_mandate_is_in_use_at_a_time_and_stands_at_the_top(self, client: Client):
        ada = create_person("ada")
        one, two = (
            create_mandate(ada, create_organisation("one", "Unit One")),
            create_mandate(ada, create_organisation("two", "Unit Two"), role="lead"),
        )
        client.force_login(ada)
        assert "acting for" not in client.get("/en/mandates/").content.decode()
        for chosen, words in ((one, "acting for Unit One (manager)"), (two, "acting for Unit Two (entity lead)")):
            client.post("/en/mandates/use", {"mandate": chosen.pk})
            assert words in client.get("/en/").content.decode()

    def test_another_persons_mandate_cannot_be_used(self, client: Client):
        one = create_mandate(create_person("ada"), create_organisation("own"))
        client.force_login(create_person("eve"))
        assert client.post("/en/mandates/use", {"mandate": one.pk}).status_code == 404

    def test_a_manager_edits_the_own_record_and_is_refused_the_neighbours(self, client: Client):
        own, ada = create_organisation("own"), create_person("ada")
        neighbour = create_organisation("neighbour")
        one = create_mandate(ada, own)
        client.force_login(ada)
        client.post("/en/mandates/use", {"mandate": one.pk})
        correct = f"/en/facts/organisations/{own.uid}/correct"
        assert correct in client.get("/en/organisations/own").content.decode()
        assert "/correct" not in client.get("/en/organisations/neighbour").content.decode()
        values = {"city": "Lyon", "reason": "It moved."}
        assert client.post(correct, values).status_code == 302
        assert client.post(f"/en/facts/organisations/{neighbour.uid}/correct", values).status_code == 403
        assert client.get("/en/mandates/of/neighbour").status_code == 403
        assert "Lyon" in client.get("/en/organisations/own").content.decode()

    def test_the_history_says_who_and_for_whom(self, client: Client):
        own = create_organisation("own", "The own unit")
        move_organisation(actor_of_mandate(create_mandate(create_person("ada"), own)), own)
        event = own.events.select_related("pgh_context").order_by("-pgh_id").first()
        told = event.pgh_context.metadata
        assert (told["actor"], told["for"], told["reason"]) == ("Ada", "The own unit", "It moved.")

    def test_a_public_reader_has_no_mandates_page(self, client: Client):
        assert client.get("/fr/mandates/")["Location"] == "/fr/sign-in?next=/fr/mandates/"
