from pathlib import Path

from todo_project.dev import page
from todo_project.dev.platform import lay_out


def test_programs_find_every_address(tmp_path: Path) -> None:
    platform = lay_out(tmp_path, {"DEMO_PASSWORD": "given"})
    page.write(tmp_path / "run.json", page.contents(platform, {"web": 7}))
    found = page.read(tmp_path / "run.json")
    assert found is not None
    assert found["api"] == f"http://127.0.0.1:{platform.program('web').port}"
    assert found["database_url"] == platform.environment["DATABASE_URL"]
    assert found["kafka"] == platform.environment["KAFKA_BOOTSTRAP"]
    assert found["password"] == "given"
    assert found["pids"] == {"web": 7}


def test_the_page_names_what_a_person_needs(tmp_path: Path) -> None:
    contents = page.contents(lay_out(tmp_path, {}), {})
    text = page.as_text(contents, "Ctrl-C ends it.")
    for needed in ("docs", "admin", "flower", "mail", "metrics", "user", "password"):
        assert str(contents[needed]) in text
    assert "Ctrl-C ends it." in text


def test_a_mail_server_of_the_users_own_has_no_inbox(tmp_path: Path) -> None:
    contents = page.contents(lay_out(tmp_path, {"EMAIL_URL": "smtp://mail.example.com"}), {})
    assert contents["mail"] is None
    assert "EMAIL_URL" in page.as_text(contents, "")


def test_nothing_runs_where_there_is_no_page(tmp_path: Path) -> None:
    assert page.read(tmp_path / "run.json") is None
