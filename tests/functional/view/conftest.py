# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar view``, and a browser that looks at its page."""
import contextlib
import json
import os
import re
import subprocess
import sys
import time

import pytest
from selenium.common import exceptions
from selenium.webdriver.common import by

from tests import browsers

# Seconds in which a page shows what a loaded machine has done.
_PATIENCE = 120


@pytest.fixture(scope='session')
def chromium():
    with browsers.running() as browser:
        yield browser


class Page:
    """A page of ``heat-zaqar view``, as its reader has it."""

    def __init__(self, browser):
        self.browser = browser

    def open(self, address):
        self.browser.get(address)
        return self

    def one(self, selector):
        return self.browser.find_element(by.By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.browser.find_elements(by.By.CSS_SELECTOR, selector)

    def node(self, name):
        """The box of a resource."""
        return self.one('#graph g[data-node$=%s]' % json.dumps(' ' + name))

    def button(self, title):
        return next(each for each in self.all('button')
                    if each.text == title)

    def shows(self, text, selector='body'):
        """Wait until a text is shown."""
        deadline = time.monotonic() + _PATIENCE
        shown = ''
        while time.monotonic() < deadline:
            with contextlib.suppress(exceptions.WebDriverException):
                shown = self.one(selector).text
                if text in shown:
                    return True
            time.sleep(0.1)
        raise AssertionError('%r is not in %r' % (text, shown))

    def press(self, key):
        """Press a key where the focus is; where it is then."""
        self.browser.switch_to.active_element.send_keys(key)
        return self.browser.switch_to.active_element

    def run(self, script, *arguments):
        return self.browser.execute_script(script, *arguments)


@pytest.fixture
def page(chromium):
    """A ``Page``; at the end nothing may have gone wrong in its scripts."""
    chromium.get_log('browser')
    yield Page(chromium)
    wrong = [each for each in chromium.get_log('browser')
             if each['source'] in ('javascript', 'security')]
    chromium.get('about:blank')
    assert not wrong


@pytest.fixture
def serve(cloud):
    """Runs the command; gives the address that it prints."""
    with contextlib.ExitStack() as stack:
        def begin(*arguments, **environment):
            process = subprocess.Popen(
                [sys.executable, '-W', 'ignore', '-m', 'heat_plugins.cli.app',
                 'view', '--no-browser', '--interval', '0.5', *arguments],
                env={**os.environ, **cloud.environment(), **environment},
                stdout=subprocess.PIPE, text=True)
            stack.callback(process.stdout.close)
            stack.callback(process.wait)
            stack.callback(process.terminate)
            return re.match(r'http://127\.0\.0\.1:\d+/\S+',
                            process.stdout.readline()).group()
        yield begin
