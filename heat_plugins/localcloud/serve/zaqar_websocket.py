# SPDX-License-Identifier: Apache-2.0
"""Zaqar's websocket process."""
from heat_plugins.localcloud.serve import zaqar


def main():
    """Serve until the process ends."""
    zaqar.boot().run()


if __name__ == '__main__':
    main()
