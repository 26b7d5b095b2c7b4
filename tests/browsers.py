# SPDX-License-Identifier: Apache-2.0
"""A browser that a test drives: Debian's Chromium, with a new profile."""
import contextlib
import os

from selenium import webdriver
from selenium.webdriver.chrome import options
from selenium.webdriver.chrome import service

from heat_plugins.localcloud import programs

DRIVER = programs.Program('chromedriver', package='chromium-driver')
# Where the package keeps the browser itself; what is on PATH starts it with
# settings of the machine's.
_BROWSER = 'lib/chromium/chromium'
_ARGUMENTS = ('--headless=new', '--no-first-run', '--disable-sync',
              '--disable-background-networking', '--disable-component-update',
              '--disable-default-apps', '--disable-dev-shm-usage',
              # Its sandbox wants rights that a container does not have.
              '--no-sandbox', '--force-device-scale-factor=1')
_SIZE = 1280, 900


@contextlib.contextmanager
def running():
    """A running ``selenium.webdriver.Chrome``."""
    DRIVER.require(print)
    driver = DRIVER.which('chromedriver')
    chosen = options.Options()
    chosen.binary_location = str(driver.parent.parent / _BROWSER)
    for each in _ARGUMENTS:
        chosen.add_argument(each)
    chosen.set_capability('goog:loggingPrefs', {'browser': 'ALL'})
    browser = webdriver.Chrome(chosen, service.Service(
        str(driver), env={**os.environ, **DRIVER.place().environment()}))
    try:
        browser.set_window_size(*_SIZE)
        yield browser
    finally:
        browser.quit()
