# SPDX-License-Identifier: Apache-2.0
"""Findings in SARIF 2.1.0, which tools for code review read."""
from heat_plugins.templates import rules


def report(findings, version):
    """The report of a run: a map.

    :param findings: list of ``finding.Finding``.
    :param version: of this package.
    """
    return {
        '$schema': 'https://json.schemastore.org/sarif-2.1.0.json',
        'version': '2.1.0',
        'runs': [{
            'tool': {'driver': {
                'name': 'heat-zaqar lint', 'version': version,
                'rules': [{'id': each.ID,
                           'shortDescription': {'text': each.TITLE},
                           'fullDescription': {
                               'text': ' '.join(each.WHY.split())}}
                          for each in rules.all_rules()]}},
            'results': [_result(each) for each in findings]}]}


def _result(finding):
    return {
        'ruleId': finding.rule, 'level': 'error',
        'message': {'text': finding.text},
        'locations': [{'physicalLocation': {
            'artifactLocation': {'uri': finding.place.file},
            'region': {'startLine': finding.place.line,
                       'startColumn': finding.place.column}}}]}
