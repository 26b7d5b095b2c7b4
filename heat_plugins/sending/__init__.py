# SPDX-License-Identifier: Apache-2.0
"""The programs of those who report to a mailbox: POSIX sh, curl and awk.

``programs``  puts them together of the files beside it, for one signed URL

``json.sh``     what a text is, and whether it is JSON (by ``json.awk``)
``options.sh``  the options of curl
``post.sh``     the one HTTP request
``curl.sh``     the program that is called as curl is
``signal.sh``   the program with a command line of its own (with ``text.awk``)
"""
