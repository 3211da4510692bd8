"""Where the data is, and what is said when it cannot be there."""

import stat
from pathlib import Path

import pytest

from maillage.database import location
from maillage.errors import MaillageError


def test_the_folder_of_the_variable_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MAILLAGE_DATA", str(tmp_path / "a" / ".." / "b"))
    assert location.data_folder() == tmp_path / "b"


def test_a_database_of_ones_own_is_read_from_its_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ada:p%40ss@db.example:5433/network?sslmode=require")
    settings = location.database_settings(tmp_path)
    expected = {"NAME": "network", "USER": "ada", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": "5433"}
    assert {key: settings[key] for key in expected} == expected
    assert settings["OPTIONS"] == {"sslmode": "require"}


def test_the_address_may_name_a_socket(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres:///network?host=/run/postgresql")
    settings = location.database_settings(tmp_path)
    assert (settings["HOST"], settings["PORT"]) == ("/run/postgresql", "")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://ada:secret@db/network", "not the address of a PostgreSQL"),
        ("postgresql://ada:secret@db:5432/", "names no database"),
        ("postgresql://ada:secret@db:5432/network?nonsense=1", "cannot be read"),
        ("postgresql://ada:secret@[::1/network", "cannot be read"),
    ],
)
def test_a_wrong_address_is_told_without_its_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str, said: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(MaillageError, match=said) as caught:
        location.database_settings(tmp_path)
    assert "secret" not in str(caught.value)


def test_the_key_is_made_once_and_closed_to_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAILLAGE_SECRET_KEY", raising=False)
    key = location.secret_key(tmp_path)
    assert len(key) > 50
    assert location.secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]


def test_an_emptied_key_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAILLAGE_SECRET_KEY", raising=False)
    (tmp_path / "secret_key").write_text("")
    assert len(location.secret_key(tmp_path)) > 50


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(MaillageError, match=r"data folder cannot be used.*\n.*--data DIR"):
        location.ensure_folder(tmp_path / "data")


def test_the_socket_of_a_deep_folder_lies_elsewhere() -> None:
    near, deep = Path("/srv/maillage"), Path("/srv") / ("deep" * 30)
    assert location.socket_folder(near) == near / "run"
    assert len(str(location.socket_folder(deep) / ".s.PGSQL.5432")) < location.SOCKET_LIMIT
    assert location.socket_folder(deep) != location.socket_folder(deep / "other")
