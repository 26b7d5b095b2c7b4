# SPDX-License-Identifier: Apache-2.0
"""What ``heat-zaqar convert`` makes of Heat's own types runs."""
import json

from heat_plugins.templates import convert
from heat_plugins.templates import document
from heat_plugins.templates import lint


def test_a_converted_template_runs(project, tmp_path, send, eventually):
    source = project.folder / 'stock/heats-own.yaml'
    text, notes = convert.convert(document.Document.read(source))
    path = tmp_path / 'ours.yaml'
    path.write_text(text)
    assert not notes
    assert 'OS::' not in text
    assert '# who is ready says so' in text
    assert lint.check(path) == []

    stack = project.create(path)
    command = eventually(lambda: stack.output('signal_command'))
    send(command, {'id': 'a', 'data': 1})
    send(command, {'id': 'b', 'data': 2})

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert json.loads(stack.output('data')) == {'a': 1, 'b': 2}
    assert project.queue(stack.output('queue')).exists()
    assert stack.output('query')
