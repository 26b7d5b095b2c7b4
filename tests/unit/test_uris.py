# SPDX-License-Identifier: Apache-2.0
"""What is not shown of a subscriber's URI."""
import pytest

from heat_plugins.zaqar import uris


@pytest.mark.parametrize(('uri', 'shown'), [
    ('http://host/path', 'http://host/path'),
    ('https://host:8080/a@b', 'https://host:8080/a@b'),
    ('trust+https://host:1/v1/signal', 'trust+https://host:1/v1/signal'),
    ('mailto:name@example.com', 'mailto:name@example.com'),
    ('http://user:secret@host:1/', 'http://user:***@host:1/'),
    ('http://user:sec:r@et@host/', 'http://user:***@host/'),
    ('http://host/?token=secret&b=', 'http://host/?token=***&b=***'),
    ('http://host/?a=b=c#d', 'http://host/?a=***#d'),
])
def test_passwords_and_values_of_queries_are_hidden(uri, shown):
    assert uris.redacted(uri) == shown
