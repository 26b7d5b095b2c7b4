# SPDX-License-Identifier: Apache-2.0
"""Tokens by trusts, which outlive the contexts of Heat."""
from heat.common import context as contexts
import pytest

from heat_plugins.engine import tokens


@pytest.fixture(autouse=True)
def none_known(monkeypatch):
    monkeypatch.setattr(tokens, '_known', type(tokens._known)())


def context(trust_id):
    made = contexts.RequestContext(
        trust_id=trust_id, is_admin=False, trusts_auth_plugin=object())
    tokens.share(made)
    return made


def test_contexts_of_a_trust_have_one_token():
    first, second, other = context('t'), context('t'), context('u')

    assert first.auth_plugin is second.auth_plugin
    assert first.auth_plugin is not other.auth_plugin


def test_a_context_without_a_trust_has_its_own():
    made = contexts.RequestContext(is_admin=False, auth_plugin=object())
    plugin = made.auth_plugin
    tokens.share(made)

    assert made.auth_plugin is plugin


def test_the_one_that_was_used_last_is_kept(monkeypatch):
    monkeypatch.setattr(tokens, '_MOST', 2)
    first, second = context('a'), context('b')
    context('a')
    context('c')

    assert context('a').auth_plugin is first.auth_plugin
    assert context('b').auth_plugin is not second.auth_plugin
