# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with a local cloud.

    CloudError
      AlreadyRunning    another process holds the state folder
      OtherShape        the folder holds the state of another kind of cloud
      NotRunning        nobody does
      ServiceFailed     a service ended, or did not answer in time
      ServerMissing     a program or a package is not installed
"""


class CloudError(Exception):
    """Base of all errors here; the text is for the user as it stands."""


class AlreadyRunning(CloudError):
    """A cloud runs in this state folder."""


class OtherShape(CloudError):
    """This state folder is of a cloud of another shape."""


class NotRunning(CloudError):
    """No cloud runs in this state folder."""


class ServerMissing(CloudError):
    """A program that a service needs is not installed."""


class ServiceFailed(CloudError):
    """A service ended, or did not answer in time.

    :param name: the service
    :param reason: what happened, such as ``'ended with status 1'``
    :param log: the last lines of its log, one text
    :param advice: what to do
    """

    def __init__(self, name, reason, log, advice):
        super().__init__(
            '%s %s. The last lines of its log:\n\n%s\n\n%s'
            % (name, reason, log or '(the log is empty)', advice))
        self.name = name
        self.reason = reason
        self.log = log
        self.advice = advice
