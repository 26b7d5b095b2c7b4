# SPDX-License-Identifier: Apache-2.0
"""Zaqar's limits, as its server ships them (``zaqar/conf/transport.py``).

An operator may lower most of them; the server then refuses what passed here.
"""

#: A queue's name. The server takes a dot too, but its Redis driver lists
#: ``a.b`` as ``a`` and python-zaqarclient refuses it.
QUEUE_NAME = '[A-Za-z0-9_-]{1,64}'
QUEUE_NAME_LENGTH = 64

#: Seconds a message lives.
MESSAGE_TTL = (60, 1209600)
MESSAGE_TTL_DEFAULT = 3600
#: Seconds before a message can be seen.
MESSAGE_DELAY = (0, 900)
#: Seconds of a claim.
CLAIM_TTL = (60, 43200)
#: Bytes of one POST, all its messages together.
POST_SIZE = (1, 262144)
#: Bytes of a queue's metadata, as JSON.
METADATA_SIZE = 65536
#: Seconds a subscription lives: from a minute until the year 9000 or so.
SUBSCRIPTION_TTL = (60, 220367260800)
#: Messages in one page of a listing, and ids in one deletion.
PAGE = 20
