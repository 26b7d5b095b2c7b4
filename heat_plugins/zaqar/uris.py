# SPDX-License-Identifier: Apache-2.0
"""URIs of subscribers, fit to be shown."""
import re


def redacted(uri):
    """A URI, with ``***`` for its password and the values of its query."""
    uri = re.sub(r'(//[^/?#:]*:)[^/?#]*@', r'\1***@', uri)
    return re.sub(r'([?&][^=&#]*=)[^&#]*', r'\1***', uri)
