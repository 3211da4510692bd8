import pytest
@pytest.mark.django_db
def test_a():
    from django.db import connection
    with connection.cursor() as c:
        c.execute("select current_database(), version()"); print(c.fetchall())
def test_b(browser):
    p=browser.new_page(); p.set_content("<h1>x</h1>"); assert p.inner_text("h1")=="x"
@pytest.mark.django_db
def test_c(browser):
    test_a.__wrapped__ if 0 else None
    from django.db import connection
    with connection.cursor() as c:
        c.execute("select 1")
