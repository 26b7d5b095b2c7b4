# SPDX-License-Identifier: Apache-2.0
"""What a rule has found in a template."""
import dataclasses

from heat_plugins.templates import document


@dataclasses.dataclass(frozen=True, order=True)
class Finding:
    """One finding.

    :ivar place: where: a ``heat_plugins.templates.document.Place``.
    :ivar rule: the id of the rule.
    :ivar text: what is wrong, and what to do.
    """
    place: document.Place
    rule: str
    text: str

    def __str__(self):
        return '%s: %s %s' % (self.place, self.rule, self.text)

    def to_map(self):
        """As JSON has it."""
        return {**self.place._asdict(), 'rule': self.rule, 'text': self.text}
