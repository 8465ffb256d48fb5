"""Prints what an option of modules is set to, and what differs with another fixture.

    python3 options.py LIBRARY MODULE FIXTURE OTHER-FIXTURE OPTION
"""

import json
import sys
from ctypes import CDLL, POINTER, Structure, byref, c_bool, c_char_p, c_size_t, c_void_p, string_at


class View(Structure):
    """A text that belongs to a handle."""

    _fields_ = [("data", c_void_p), ("length", c_size_t)]

    def __bytes__(self):
        return string_at(self.data, self.length) if self.data else b""


class NivalError(Exception):
    """An error as Nix prints it."""


class Nival:
    """The functions of the library that this program uses."""

    def __init__(self, path):
        self.library = CDLL(path)
        text = [c_char_p, c_size_t]
        error = [POINTER(c_void_p)]
        handle = [c_void_p]
        paths = [POINTER(View), c_size_t]
        self.declare("nival_session_new", error, c_void_p)
        self.declare("nival_session_free", handle, None)
        self.declare("nival_modules_new", [], c_void_p)
        self.declare("nival_modules_free", handle, None)
        self.declare("nival_modules_add_module", handle + text + error, c_bool)
        self.declare("nival_modules_add_fixture", handle + text + error, c_bool)
        self.declare("nival_session_open_modules", handle + handle + error, c_void_p)
        self.declare("nival_configuration_free", handle, None)
        self.declare("nival_configuration_get_option", handle + text + error, c_void_p)
        self.declare("nival_configuration_compare", handle + handle + paths + error, c_void_p)
        self.declare("nival_comparison_to_json", handle + error, c_void_p)
        self.declare("nival_comparison_free", handle, None)
        self.declare("nival_option_to_json", handle + error, c_void_p)
        self.declare("nival_option_free", handle, None)
        self.declare("nival_text_view", handle, View)
        self.declare("nival_text_free", handle, None)
        self.declare("nival_error_get_text", handle + [c_bool], View)
        self.declare("nival_error_free", handle, None)

    def declare(self, name, arguments, result):
        function = getattr(self.library, name)
        function.argtypes = arguments
        function.restype = result

    def call(self, name, *arguments):
        """Calls a function whose last argument is where its error goes."""
        error = c_void_p()
        result = getattr(self.library, name)(*arguments, byref(error))
        if error:
            message = bytes(self.library.nival_error_get_text(error, False)).decode()
            self.library.nival_error_free(error)
            raise NivalError(message)
        return result

    def json(self, name, handle):
        """What a function writes about a handle as JSON."""
        text = self.call(name, handle)
        data = json.loads(bytes(self.library.nival_text_view(text)))
        self.library.nival_text_free(text)
        return data

    def open(self, session, module, fixture):
        modules = self.library.nival_modules_new()
        try:
            self.call("nival_modules_add_module", modules, module.encode(), len(module.encode()))
            self.call("nival_modules_add_fixture", modules, fixture.encode(), len(fixture.encode()))
            return self.call("nival_session_open_modules", session, modules)
        finally:
            self.library.nival_modules_free(modules)


def main():
    library, module, fixture, other, name = sys.argv[1:]
    nival = Nival(library)
    session = nival.call("nival_session_new")
    configurations = []
    try:
        for file in (fixture, other):
            configurations.append(nival.open(session, module, file))
        option = nival.call("nival_configuration_get_option", configurations[0], name.encode(), len(name.encode()))
        about = nival.json("nival_option_to_json", option)
        nival.library.nival_option_free(option)
        print(f"{about['name']} = {json.dumps(about['value'])}")
        for definition in about["definitions"]:
            place = [definition["file"], definition["line"], definition["column"]]
            print(f"  {definition['fate']}  {':'.join(str(part) for part in place if part is not None)}")
        comparison = nival.call("nival_configuration_compare", *configurations, None, 0)
        for change in nival.json("nival_comparison_to_json", comparison)["changes"]:
            print(f"{change['name']}: {json.dumps(change['old'])} -> {json.dumps(change['new'])}")
        nival.library.nival_comparison_free(comparison)
    except NivalError as error:
        sys.exit(str(error))
    finally:
        for configuration in configurations:
            nival.library.nival_configuration_free(configuration)
        nival.library.nival_session_free(session)


main()
