import urllib.request, pytest
def test_site(site):
    assert site.email and site.password
    assert urllib.request.urlopen(site.url).status == 200
@pytest.mark.django_db
def test_page(page):
    page.goto("/"); print(page.title(), page.url)
    from maillage.register.models import Organisation
    assert Organisation.objects.count() == 0
