import os

from django.core.wsgi import get_wsgi_application

from todo_project.chunked import ChunkedBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "todo_project.settings")
application = ChunkedBodies(get_wsgi_application())
