"""Imports from the standard library that is part of the interpreter's binary.

The library seems to be in the directory sys._stdlib_dir, which does not exist in the file system. EmbeddedImporter is the path hook,
finder and loader for that directory and its packages, as zipimport.zipimporter is for archives.
"""

import _embedded
import _frozen_importlib as _bootstrap
import _frozen_importlib_external as _bootstrap_external

__all__ = ['EmbeddedImporter']

_ROOT = _embedded.directory
_PREFIX = _ROOT + '/'


class EmbeddedImporter(_bootstrap_external._LoaderBasics):
    """Find and load the modules of one directory of the embedded library."""

    def __init__(self, path):
        if path == _ROOT:
            self._package = ''
        elif isinstance(path, str) and path.startswith(_PREFIX):
            self._package = path[len(_PREFIX):].replace('/', '.') + '.'
        else:
            raise ImportError('not in the embedded library', path=path)
        self.path = path

    def find_spec(self, fullname, target=None):
        """Return the spec of a module in this directory, or None."""
        name = self._package + fullname.rpartition('.')[2]
        found = _embedded.find(name)
        if found is None:
            return None
        path, is_package = found
        location = _PREFIX + path
        search = [location.rpartition('/')[0]] if is_package else None
        spec = _bootstrap.ModuleSpec(fullname, self, origin=location, is_package=is_package)
        spec.submodule_search_locations = search
        spec._set_fileattr = True
        return spec

    def invalidate_caches(self):
        """Do nothing: the library does not change."""

    def _name(self, fullname):
        name = self._package + fullname.rpartition('.')[2]
        if _embedded.find(name) is None:
            raise ImportError(f'no embedded module {fullname!r}', name=fullname)
        return name

    def get_code(self, fullname):
        """Return the code object of a module."""
        return _embedded.get_code(self._name(fullname))

    def get_source(self, fullname):
        """Return the source of a module."""
        return _bootstrap_external.decode_source(_embedded.get_source(self._name(fullname)))

    def get_filename(self, fullname):
        """Return the path that a module seems to be loaded from."""
        return _PREFIX + _embedded.find(self._name(fullname))[0]

    def get_data(self, path):
        """Return the bytes of a file of the library."""
        if path.startswith(_PREFIX):
            path = path[len(_PREFIX):]
        data = _embedded.get_data(path)
        if data is None:
            raise OSError(2, 'No such file in the embedded library', path)
        return data

    def iter_modules(self, prefix=''):
        """Yield the name of each module in this directory and whether it is a package, for pkgutil."""
        for name in _embedded.names():
            tail = name.removeprefix(self._package)
            if (tail != name or not self._package) and '.' not in tail:
                yield prefix + tail, _embedded.find(name)[1]

    def __repr__(self):
        return f'<EmbeddedImporter {self.path!r}>'
