"""How drafts are made, and the penalty set, for each bug to show on most of the prompts."""

from drafting import Lookup

LOOKUPS = {
  "wrong-branch": Lookup(branches=2, max_ngram=2, length=8),
  "sibling-mask": Lookup(branches=2, max_ngram=2, length=8),
  "bonus-lost": Lookup(length=3), "bonus-twice": Lookup(length=3), "past-end": Lookup(branches=2),
  "draft-position": Lookup(branches=2), "missing-row": Lookup(branches=2),
  "penalty-sees-drafts": Lookup(branches=2),
}
# Drafts are of the text, so a penalty that looked back on all of it would see nothing new in them.
PENALTY, LAST = 1.3, 16
