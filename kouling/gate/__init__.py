"""Gate: an item becomes a decision with its reasons, before anyone sees it."""

from kouling.gate.ban import read_ban
from kouling.gate.detectors import Detectors, detectors_for
from kouling.gate.detectors.picture_text import picture_text
from kouling.gate.evidence import Evidence, EvidenceKind
from kouling.gate.gallery.gallery import Gallery
from kouling.gate.item import check_text
from kouling.gate.judge import Court, judge_items
from kouling.gate.policy.policy import Policy, bundled_policy, read_policy
from kouling.gate.posting import conclude_posted, examine_posted, inspect_items
from kouling.gate.records import (
    Ban,
    Decision,
    GatedItem,
    Item,
    Party,
    Queue,
    Signal,
    StatementOfReasons,
    Subject,
    SubjectKind,
    Surface,
    Visibility,
    picture_bytes_max,
    pictures_max,
    queue_max,
)
from kouling.gate.review.again import look_again
from kouling.gate.review.review import read_ruling
from kouling.gate.review.revision import Revision, decide_again, rule_on
from kouling.gate.subject import read_subject
from kouling.gate.table import (
    audience_table,
    bans,
    decision_table,
    item_code_table,
    item_faults,
    item_picture_table,
    item_table,
    items,
    load_pictures,
    picture_look_table,
    policies,
    read_queue,
    visible_to,
)

__all__ = [
    "Ban",
    "Court",
    "Decision",
    "Detectors",
    "Evidence",
    "EvidenceKind",
    "Gallery",
    "GatedItem",
    "Item",
    "Party",
    "Policy",
    "Queue",
    "Revision",
    "Signal",
    "StatementOfReasons",
    "Subject",
    "SubjectKind",
    "Surface",
    "Visibility",
    "audience_table",
    "bans",
    "bundled_policy",
    "check_text",
    "conclude_posted",
    "decide_again",
    "decision_table",
    "detectors_for",
    "examine_posted",
    "inspect_items",
    "item_code_table",
    "item_faults",
    "item_picture_table",
    "item_table",
    "items",
    "judge_items",
    "load_pictures",
    "look_again",
    "picture_bytes_max",
    "picture_look_table",
    "picture_text",
    "pictures_max",
    "policies",
    "queue_max",
    "read_ban",
    "read_policy",
    "read_queue",
    "read_ruling",
    "read_subject",
    "rule_on",
    "visible_to",
]
