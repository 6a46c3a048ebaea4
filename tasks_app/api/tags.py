"""The REST door of tags."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.preconditions import PreconditionFailed, named_version, wanted_version, with_tag
from accounts.queries import Query
from accounts.rest import owner_of
from tasks_app import services
from tasks_app.models import LONGEST_TAG, Tag, TagQuerySet
from tasks_app.serializers import MergeSerializer, TagSerializer
from tasks_app.services.versions import check_version
from tasks_app.sorting import ORDERS

PARTIAL = TagSerializer(partial=True)
_COLUMNS = {
    "name": "name",
    "tasks": "task_count",
    "open_tasks": "open_task_count",
    "created_at": "created_at",
}


class TagQuery(Query):
    q = serializers.CharField(
        required=False,
        max_length=LONGEST_TAG,
        help_text="The beginning of the name, in upper or lower case.",
    )
    sort_by = serializers.ChoiceField(list(_COLUMNS), required=False, help_text="By default name.")
    sort_order = serializers.ChoiceField(ORDERS, required=False, help_text="By default asc.")

    def narrow(self, rows: TagQuerySet, *, request: Request) -> TagQuerySet:
        asked = self.validated_data
        if "q" in asked:
            rows = rows.filter(name__istartswith=asked["q"])
        way = "-" if asked.get("sort_order") == "desc" else ""
        # The id decides between equals, so that pages neither repeat nor skip a tag.
        return rows.order_by(way + _COLUMNS[asked.get("sort_by", "name")], f"{way}id")


class TagViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Tag]):
    """The signed-in user's tags; anybody else's are not there."""

    queryset = Tag.objects.order_by("name")
    serializer_class = TagSerializer
    query_class = TagQuery
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> TagQuerySet:
        tags = Tag.objects.owned_by(owner_of(self.request))
        return tags.with_counts() if self.action in ("list", "retrieve") else tags

    def retrieve(self, request: Request, pk: str) -> Response:
        # Never a 304: the counts change without the tag's version.
        tag = self.get_object()
        check_version(tag, named_version(request, tag))
        return with_tag(Response(_shown(tag)), tag)

    @extend_schema(responses={201: TagSerializer})
    def create(self, request: Request) -> Response:
        """Make a tag. A name that is taken is a 400."""
        owner, said = owner_of(request), self._checked(TagSerializer(data=request.data))
        tag = services.create_tag(owner=owner, actor=owner, now=timezone.now(), **said)
        return self._answer(tag, status=status.HTTP_201_CREATED)

    @extend_schema(request=PARTIAL)
    def update(self, request: Request, pk: str) -> Response:
        """Rename or recolour a tag. A new name changes every task that wears it."""
        tag = self.get_object()
        said = self._checked(TagSerializer(data=request.data, partial=True))
        version = wanted_version(request, tag)
        return self._answer(
            services.update_tag(
                tag=tag, actor=owner_of(request), now=timezone.now(), changes=said, version=version
            )
        )

    @extend_schema(request=PARTIAL)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Rename or recolour a tag. A new name changes every task that wears it."""
        return self.update(request, pk)

    def destroy(self, request: Request, pk: str) -> Response:
        """Take a tag off every task, and remove it."""
        tag = self.get_object()
        version = wanted_version(request, tag)
        services.delete_tag(tag=tag, actor=owner_of(request), now=timezone.now(), version=version)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=MergeSerializer, responses=TagSerializer)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str) -> Response:
        """Put another tag in this one's place on every task, and remove this one.

        The answer is the tag that stays.
        """
        tag = self.get_object()
        said = self._checked(MergeSerializer(data=request.data))
        version = wanted_version(request, tag)
        return self._answer(
            services.merge_tags(
                tag=tag,
                into=said["into"],
                actor=owner_of(request),
                now=timezone.now(),
                version=version,
            )
        )

    def _checked(self, serializer: serializers.Serializer[Any]) -> dict[str, Any]:
        serializer.is_valid(raise_exception=True)
        said: dict[str, Any] = serializer.validated_data
        return said

    def _answer(self, tag: Tag, status: int = status.HTTP_200_OK) -> Response:
        return with_tag(Response(_shown(tag.counted()), status=status), tag)

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, services.StaleVersion) and isinstance(exc.row, Tag):
            current = _shown(exc.row.counted())
            exc = PreconditionFailed(version=exc.row.version, current=current)
        return super().handle_exception(exc)


def _shown(tag: Tag) -> dict[str, Any]:
    return TagSerializer().to_representation(tag)
