"""How this Python was built, as far as sysconfig asks.

There is no C compiler in the picture: what concerns building extension modules is absent or says "no".
"""

import sys

_version = '%d.%d' % sys.version_info[:2]
_multiarch = getattr(sys.implementation, '_multiarch', '')
_soabi = '-'.join(filter(None, ['bredli', _version.replace('.', ''), _multiarch]))
_platlib = sys.base_exec_prefix + '/' + sys.platlibdir
_stdlib = _platlib + '/python' + _version
_include = sys.base_prefix + '/include/python' + _version

build_time_vars = {
    'ABIFLAGS': sys.abiflags,
    'AR': 'ar',
    'ARFLAGS': 'rcs',
    'BINDIR': sys.base_exec_prefix + '/bin',
    'BINLIBDEST': _stdlib,
    'CC': 'cc',
    'CCSHARED': '-fPIC',
    'CFLAGS': '',
    'CONFIG_ARGS': '',
    'CONFINCLUDEPY': _include,
    'CXX': 'c++',
    'EXE': '',
    'EXT_SUFFIX': '.%s.so' % _soabi,
    'HAVE_FORK': 1,
    'HOST_GNU_TYPE': _multiarch,
    'INCLUDEPY': _include,
    'LDSHARED': 'cc -shared',
    'LIBDEST': _stdlib,
    'LIBDIR': _platlib,
    'MACHDEP': sys.platform,
    'MULTIARCH': _multiarch,
    'PLATLIBDIR': sys.platlibdir,
    'PY_CFLAGS': '',
    'Py_DEBUG': 0,
    'Py_ENABLE_SHARED': 0,
    'Py_GIL_DISABLED': 0,
    'Py_TRACE_REFS': 0,
    'SHLIB_SUFFIX': '.so',
    'SIZEOF_VOID_P': 8 if sys.maxsize > 2**32 else 4,
    'SOABI': _soabi,
    'TZPATH': '/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo',
    'VERSION': _version,
    'WITH_DOC_STRINGS': 1,
    'exec_prefix': sys.base_exec_prefix,
    'prefix': sys.base_prefix,
}
