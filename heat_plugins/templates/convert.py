# SPDX-License-Identifier: Apache-2.0
"""Templates with Heat's own types for messages, rewritten to ours.

Comments, order and quotes stay. What cannot be converted is left as it is, and
told of.
"""
import dataclasses
import io

from ruamel import yaml
from ruamel.yaml import comments

from heat_plugins.templates import document
from heat_plugins.templates import patching

_HANDLES = ('OS::Heat::WaitConditionHandle',)
_CONDITION = 'OS::Heat::WaitCondition'
_NO_ATTRIBUTE = {
    'token': 'ours need no token: use curl_cli, script, or url and headers',
    'endpoint': 'use url and headers, curl_cli or script'}
# Options of a subscription → the property of ours.
_OPTIONS = {'post_data': 'body', 'post_headers': 'headers'}


@dataclasses.dataclass(frozen=True)
class Conversion:
    """What becomes of a type.

    :ivar type: ours.
    :ivar properties: old name → new one; None drops it.
    :ivar attributes: old name → new one; others have no equal.
    """
    type: str
    properties: dict
    attributes: dict


CONVERSIONS = {
    'OS::Zaqar::Queue': Conversion(
        'Zaqar::Messaging::Queue', {'name': 'name', 'metadata': 'metadata'},
        {'queue_id': 'name', 'href': 'href'}),
    'OS::Zaqar::Subscription': Conversion(
        'Zaqar::Messaging::Subscription',
        {'queue_name': 'queue', 'subscriber': 'subscriber', 'ttl': 'ttl'},
        {}),
    'OS::Zaqar::MistralTrigger': Conversion(
        'Zaqar::Messaging::Subscription',
        {'queue_name': 'queue', 'ttl': 'ttl'}, {}),
    'OS::Zaqar::SignedQueueURL': Conversion(
        'Zaqar::Messaging::SignedURL',
        {each: each for each in ('queue', 'paths', 'ttl', 'methods')},
        {each: each for each in ('signature', 'expires', 'paths', 'methods',
                                 'project', 'query_str')}),
    'OS::Heat::WaitConditionHandle': Conversion(
        'Zaqar::Workflow::WaitConditionHandle', {'signal_transport': None},
        {'curl_cli': 'curl_cli', 'signal': 'signal'}),
    _CONDITION: Conversion(
        'Zaqar::Workflow::WaitCondition',
        {'handle': 'queue', 'timeout': 'timeout', 'count': 'count'},
        {'data': 'data'}),
}


@dataclasses.dataclass(frozen=True)
class Note:
    """What was not converted, and what to do.

    :ivar line: where, from 1.
    """
    line: int
    text: str


def convert(source):
    """Rewrite a template.

    :param source: a ``document.Document``: it has bounded what the file makes.
    :returns: its new text, and a list of ``Note``.
    :raises heat_plugins.templates.document.SourceError: it is no template.
    """
    parser = _parser()
    data = parser.load(source.text)
    if not (isinstance(data, dict) and 'heat_template_version' in data and
            isinstance(data.get('resources') or {}, dict)):
        raise document.SourceError(source.place(()), (
            'it is no template: a map with "heat_template_version" is '
            'expected'))
    rewriting = _Rewriting(data.get('resources') or {})
    rewriting.rewrite()
    rewriting.rename_attributes(data)
    if not rewriting.converted:
        return source.text, rewriting.notes
    return _in_style(parser, source.text, _text(parser, data)), sorted(
        rewriting.notes, key=lambda note: note.line)


class _Rewriting:
    """Rewrites the resources of a template.

    :ivar converted: name of a resource → the ``Conversion`` that it had.
    """

    def __init__(self, resources):
        self._resources = resources
        self.converted = {}
        self.notes = []

    def rewrite(self):
        for name, each in self._resources.items():
            conversion = (CONVERSIONS.get(each.get('type'))
                          if isinstance(each, dict) else None)
            if conversion is not None and self._can_be(name, each):
                self.converted[name] = conversion
        for name, conversion in self.converted.items():
            self._rewrite(name, self._resources[name], conversion)

    def rename_attributes(self, value):
        """Give attributes their new names, wherever they are asked for."""
        if isinstance(value, list):
            for each in value:
                self.rename_attributes(each)
        elif isinstance(value, dict):
            asked = value.get('get_attr')
            if isinstance(asked, list) and len(asked) > 1:
                self._rename(asked)
            for each in value.values():
                self.rename_attributes(each)

    def _can_be(self, name, resource):
        """A condition only with a handle that is converted too."""
        if resource['type'] != _CONDITION:
            return True
        handle = (resource.get('properties') or {}).get('handle')
        target = (handle.get('get_resource') if isinstance(handle, dict)
                  else None)
        other = self._resources.get(target)
        if isinstance(other, dict) and other.get('type') in _HANDLES:
            return True
        self._note(resource, 'type', (
            '"%s" is left as it is: its handle is no '
            'OS::Heat::WaitConditionHandle of this template') % name)
        return False

    def _rewrite(self, name, resource, conversion):
        old = resource['type']
        resource['type'] = conversion.type
        given = resource.get('properties')
        if not isinstance(given, dict):
            return
        if old == 'OS::Zaqar::MistralTrigger':
            self._gather_workflow(given)
        if old == 'OS::Zaqar::Subscription':
            self._spread_options(name, given)
        for key in list(given):
            if key not in conversion.properties:
                if key not in ('workflow', *_OPTIONS.values()):
                    self._note(given, key, (
                        'the property "%s" of "%s" is not converted') % (
                            key, name))
                continue
            new = conversion.properties[key]
            if new is None:
                del given[key]
            else:
                _rename_key(given, key, new)
        if not given:
            del resource['properties']

    @staticmethod
    def _gather_workflow(given):
        workflow = comments.CommentedMap()
        position = len(given)
        for old, new in (('workflow_id', 'id'), ('params', 'params'),
                         ('input', 'input')):
            if old in given:
                position = min(position, list(given).index(old))
                workflow[new] = given.pop(old)
        given.insert(position, 'workflow', workflow)

    def _spread_options(self, name, given):
        options = given.get('options')
        if not isinstance(options, dict):
            return
        for key in list(options):
            if key in _OPTIONS:
                given[_OPTIONS[key]] = options.pop(key)
        if options:
            self._note(given, 'options', (
                'the options %s of "%s" are not converted') % (
                    ', '.join(map(str, options)), name))
        else:
            del given['options']

    def _rename(self, asked):
        name, attribute = asked[:2]
        conversion = self.converted.get(name)
        if conversion is None or not isinstance(attribute, str):
            return
        new = conversion.attributes.get(attribute)
        if new is not None:
            asked[1] = new
        elif attribute != 'show':
            self.notes.append(Note(asked.lc.line + 1, (
                'the attribute "%s" of "%s" has no equal%s') % (
                    attribute, name,
                    ': ' + _NO_ATTRIBUTE[attribute]
                    if attribute in _NO_ATTRIBUTE else '')))

    def _note(self, mapping, key, text):
        self.notes.append(Note(mapping.lc.key(key)[0] + 1, text))


def _parser():
    parser = yaml.YAML()
    parser.preserve_quotes = True
    parser.width = 4096
    parser.indent(mapping=2, sequence=4, offset=2)
    return parser


def _in_style(parser, text, after):
    """The new text as its author would write it, if that says the same."""
    patched = patching.patched(text, _text(parser, parser.load(text)), after)
    try:
        is_same = parser.load(patched) == parser.load(after)
    except yaml.YAMLError:
        is_same = False
    return patched if is_same else after


def _text(parser, data):
    out = io.StringIO()
    parser.dump(data, out)
    return out.getvalue()


def _rename_key(mapping, old, new):
    """Rename a key at its place, with the comments that belong to it."""
    if old == new:
        return
    position = list(mapping).index(old)
    said = mapping.ca.items.pop(old, None)
    mapping.insert(position, new, mapping.pop(old))
    if said is not None:
        mapping.ca.items[new] = said
