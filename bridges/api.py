from django.http import Http404, HttpRequest, HttpResponse

from bridges import schemas


def schema_file(request: HttpRequest, name: str) -> HttpResponse:
    """The published JSON Schema `name`, where each event's `dataschema` points."""
    try:
        return HttpResponse(schemas.source(name), content_type="application/schema+json")
    except KeyError:
        raise Http404 from None
