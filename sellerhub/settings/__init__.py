"""Settings of SellerHub, from environment variables only; docs/operations.md lists all of them.

There is one module per subject; an invalid value stops the start with ImproperlyConfigured.
"""

from .applications import *
from .line import *
from .logs import *
from .mail import *
from .operations import *
from .security import *
from .servers import *
from .sign_in import *
from .site import *
