"""Settings of SellerHub, from the environment alone. docs/operations.md lists every variable.

A module for each subject; a value that makes no sense stops the start with a sentence.
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
