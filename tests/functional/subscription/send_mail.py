# SPDX-License-Identifier: Apache-2.0
"""What Zaqar runs for each mail: hands it to an SMTP server."""
import email
import smtplib
import sys

with smtplib.SMTP('127.0.0.1', int(sys.argv[1])) as server:
    server.send_message(email.message_from_file(sys.stdin))
