"""Files kept in an S3-compatible storage: a server that speaks its protocol, run by the test."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from django.test import Client
from moto.server import ThreadedMotoServer

from maillage.core.action_registry import ActionError
from maillage.core.actors import SYSTEM
from maillage.errors import MaillageError
from maillage.files import tasks
from maillage.files.actions.files import attach_file, remove_file
from maillage.files.models import Content, File
from maillage.files.storage import get_storage
from maillage.files.storage_settings import storage_settings
from maillage.files.uploads import receive_file
from maillage.register.models import Organisation
from tests.files.sample_files import PDF
from tests.files.test_files import AT
from tests.site_process import free_port

BUCKET = "maillage-files"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    one = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    one.start()
    host, port = one.get_host_and_port()
    yield f"http://key:se%2Fcret@{host}:{port}/{BUCKET}?region=eu-west-3"
    one.stop()


@pytest.fixture
def bucket(server: str, settings, tmp_path: Path):
    chosen = storage_settings(server, tmp_path)
    settings.STORAGES = {**settings.STORAGES, "files": chosen}
    settings.FILES_INCOMING = tmp_path / "incoming"
    kept = get_storage().bucket
    kept.meta.client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    yield kept
    kept.objects.all().delete()
    kept.delete()


def attach(record: Organisation, content: bytes = PDF) -> File:
    with receive_file("report.pdf", [content]) as incoming:
        where = {"record_kind": "register.organisation", "record_id": record.pk, "visibility": "public"}
        return attach_file(actor=SYSTEM, at=AT, incoming=incoming, **where)


@pytest.fixture
def lab(db) -> Organisation:
    return Organisation.objects.create(key="lab", kind="other", name_fr="Le laboratoire")


def test_a_file_is_kept_there_once_and_given_out_by_the_site(bucket, lab, client: Client, tmp_path):
    one, two = attach(lab), attach(lab)
    assert [each.key for each in bucket.objects.all()] == [one.content.storage_path]
    assert one.content == two.content
    response = client.get(f"/fr/files/{one.pk}/{one.name}")
    assert b"".join(response) == PDF
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_nobody_reads_the_bucket_without_the_key(bucket, lab):
    one = attach(lab)
    [grant] = bucket.Object(one.content.storage_path).Acl().grants
    assert "AllUsers" not in str(grant)


@pytest.mark.django_db(transaction=True)
def test_bytes_without_a_use_are_swept(bucket, lab):
    one = attach(lab)
    remove_file(actor=SYSTEM, at=AT, file_id=one.pk, reason="No longer true.")
    bucket.put_object(Key=f"ab/{'ab' * 32}", Body=b"left by a machine that stopped")
    assert tasks.remove_all_unused_content(0) == 2
    assert list(bucket.objects.all()) == []


def test_a_file_that_went_missing_is_told_as_such(bucket, lab, client: Client):
    one = attach(lab)
    bucket.Object(one.content.storage_path).delete()
    assert client.get(f"/fr/files/{one.pk}/{one.name}").status_code == 404


def test_a_storage_that_does_not_answer_takes_nothing(lab, settings, tmp_path):
    options = storage_settings(f"http://key:secret@127.0.0.1:{free_port()}/{BUCKET}", tmp_path)
    options["OPTIONS"]["client_config"] = boto3.session.Config(connect_timeout=1, retries={"max_attempts": 0})
    settings.STORAGES = {**settings.STORAGES, "files": options}
    settings.FILES_INCOMING = tmp_path / "incoming"
    with pytest.raises(ActionError):
        attach(lab)
    assert not Content.objects.exists()


@pytest.mark.parametrize("url", ["s3://bucket", "https://host/bucket", "https://key:secret@host", "https://k:s@[::1/b"])
def test_an_address_that_is_none_is_refused_without_repeating_it(url, tmp_path):
    with pytest.raises(MaillageError) as refused:
        storage_settings(url, tmp_path)
    assert "secret" not in str(refused.value).replace("key:secret@host/bucket?region", "")
