# SPDX-License-Identifier: Apache-2.0
"""What the server answers instead of doing what it was asked."""


class Refusal(Exception):
    """An error status with Zaqar's JSON.

    :ivar document: the body, or None for an empty one.
    """

    def __init__(self, status, title, description=None, headers=None):
        super().__init__(title)
        self.status = status
        self.headers = headers or {}
        self.document = {'title': title}
        if description is not None:
            self.document['description'] = description


def bad_request(description, title='Invalid API request'):
    return Refusal(400, title, description)


def bad_body(description):
    return Refusal(400, 'Invalid request body', description)


def not_found(description):
    return Refusal(404, 'Not found', description)


def nothing_here():
    """As Zaqar answers a path it does not know, or a bad signature."""
    return Refusal(404, '404 Not Found')


def conflict(description):
    return Refusal(409, 'Resource conflict', description)


def unavailable(description):
    return Refusal(503, 'Service temporarily unavailable',
                   description + ' Please try again in a few seconds.')


def no_such_queue(key):
    return not_found('Queue %s does not exist for project %s' %
                     (key[1], key[0]))
