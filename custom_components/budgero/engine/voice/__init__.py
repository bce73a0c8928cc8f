"""Understands sentences about money that somebody says or types.

It needs no Home Assistant.
"""

from .answers import Reply, Speaker
from .grammar import Household
from .languages import LANGUAGES, find_language
from .listening import hear_amount, listen, speaker_of
from .phrases import Task
from .problem import Problem
from .spoken import Details, Misheard, Question, Spoken, Understood
from .templates import Template, templates
from .vocabulary import Vocabulary

__all__ = [
    "LANGUAGES",
    "Details",
    "Household",
    "Misheard",
    "Problem",
    "Question",
    "Reply",
    "Speaker",
    "Spoken",
    "Task",
    "Template",
    "Understood",
    "Vocabulary",
    "find_language",
    "hear_amount",
    "listen",
    "speaker_of",
    "templates",
]
