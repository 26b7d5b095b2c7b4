# SPDX-License-Identifier: Apache-2.0
"""Sphinx settings of the release notes."""
project = 'heat-zaqar-plugins release notes'
author = 'The heat-zaqar-plugins developers'
extensions = ['reno.sphinxext']
html_theme = 'alabaster'
