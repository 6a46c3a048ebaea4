"""The REST door for trying a rule out."""

from itertools import islice

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rest import owner_of
from recurrence_app.rules import describe
from recurrence_app.serializers import PreviewedSerializer, PreviewSerializer


class PreviewView(APIView):
    @extend_schema(request=PreviewSerializer, responses=PreviewedSerializer)
    def post(self, request: Request) -> Response:
        """What a rule gives, before there is a series; nothing is kept.

        `exdates`, `rdates` and `end_date` count as they do in a series.
        """
        zone = owner_of(request).zone
        asked = PreviewSerializer(data=request.data, context={"zone": zone})
        asked.is_valid(raise_exception=True)
        schedule, count = asked.validated_data["schedule"], asked.validated_data["count"]
        found = [each.at for each in islice(schedule.occurrences(), count)]
        return Response(
            {
                "occurrences": found,
                "text": describe(schedule),
                "reason": None if found else schedule.why_empty(),
            }
        )
