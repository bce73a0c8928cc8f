# Home Assistant replaces voluptuous by probatio before any integration is imported.
from probatio import *
