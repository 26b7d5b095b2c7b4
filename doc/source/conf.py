# SPDX-License-Identifier: Apache-2.0
"""Sphinx settings of the documentation."""
from importlib import metadata
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / 'ext'))

project = 'heat-zaqar-plugins'
author = 'The heat-zaqar-plugins developers'
release = metadata.version(project)
extensions = ['cliff.sphinxext', 'contract_reference', 'heat_reference',
              'lint_reference', 'oslo_config.sphinxconfiggen',
              'oslo_config.sphinxext', 'workflow_graphs']
html_theme = 'alabaster'
config_generator_config_file = [
    ('config-generator.conf', '_static/heat_zaqar')]
autoprogram_cliff_application = 'heat-zaqar'
