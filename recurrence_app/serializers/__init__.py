from recurrence_app.serializers.preview import PreviewedSerializer, PreviewSerializer

__all__ = ["PreviewSerializer", "PreviewedSerializer"]
