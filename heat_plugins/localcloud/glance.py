# SPDX-License-Identifier: Apache-2.0
"""Glance: images in files, with import, introspection and conversion."""
from heat_plugins.localcloud import further
from heat_plugins.localcloud import programs

# Where images are, and where they are on their way; Glance wants these names.
_STORES = ('local', 'os_glance_staging_store', 'os_glance_tasks_store')

#: What converts images.
CONVERTER = programs.Program('qemu-img', 'qemu-utils')


class Glance(further.Further):
    """Glance's API, which does its tasks in threads of its own.

    An imported image is converted to raw, and is given a property.
    """

    name = 'glance'
    type = 'image'

    def install(self, report):
        super().install(report)
        CONVERTER.require(report)

    def environment(self):
        return {**CONVERTER.place().environment(),
                'OS_GLANCE_CONFIG_DIR': str(self.directory)}

    def settings(self):
        folders = {name: self.directory / name for name in _STORES}
        for folder in folders.values():
            folder.mkdir(exist_ok=True)
        return {
            'DEFAULT': {
                'enabled_backends': 'local:file',
                'enabled_import_methods': '[glance-direct,web-download]',
                'worker_self_reference_url': self.url,
            },
            'glance_store': {'default_backend': 'local'},
            **{name: {'filesystem_store_datadir': folder}
               for name, folder in folders.items()},
            'paste_deploy': {
                'flavor': 'keystone',
                'config_file': self.packaged('glance-api-paste.ini')},
            'image_import_opts': {'image_import_plugins':
                                  '[inject_image_metadata,image_conversion]'},
            'inject_metadata_properties': {'inject': 'imported:yes'},
            'image_conversion': {'output_format': 'raw'},
        }

    @property
    def config_file(self):
        # It reads no other.
        return self.directory / 'glance-api.conf'
