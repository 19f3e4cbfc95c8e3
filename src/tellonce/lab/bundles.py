"""Many arrays handed to compiled functions as one pointer.

A tuple of forty arrays is copied, some 300 words of it, at every call that is not inlined, and takes numba minutes to
compile. A bundle is the address of a table of addresses and shapes; `bundle.name` reads its array from there.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from llvmlite import ir
from numba import from_dtype, types
from numba.core import cgutils
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, models, register_model
from numba.np import arrayobj
from numpy.typing import NDArray

__all__ = ["bundle_of", "table_of"]

_WORD = ir.IntType(64)
_MOST_AXES = 3
_WORDS = 1 + _MOST_AXES  # an address and the lengths of the axes

Fields = Mapping[str, tuple[Any, int]]


class Bundle(types.Type):
    """Type of a bundle in compiled code; `fields` are names with dtype and number of axes."""

    def __init__(self, name: str, fields: Fields) -> None:
        super().__init__(name=name)
        self.arrays = {
            key: types.Array(from_dtype(np.dtype(dtype)), axes, "C") for key, (dtype, axes) in fields.items()
        }
        self.places = {key: place for place, key in enumerate(fields)}


register_model(Bundle)(models.OpaqueModel)


@infer_getattr
class _Names(AttributeTemplate):
    key = Bundle

    def generic_resolve(self, bundle: Bundle, name: str) -> Any:  # type: ignore[override]  # as numba calls it
        return bundle.arrays.get(name)


@lower_getattr_generic(Bundle)  # type: ignore[untyped-decorator]
def _read_array(context: Any, builder: Any, bundle: Bundle, value: Any, name: str) -> Any:
    """Makes the array of a name from the words of the table; they never change while it is in use."""
    kind, place = bundle.arrays[name], bundle.places[name]
    table = builder.bitcast(value, _WORD.as_pointer())
    never_changes = builder.module.add_metadata([])

    def word(offset: int) -> Any:
        at = builder.gep(table, [ir.Constant(_WORD, _WORDS * place + offset)])
        found = builder.load(at)
        found.set_metadata("invariant.load", never_changes)
        return found

    size = context.get_abi_sizeof(context.get_data_type(kind.dtype))
    lengths = [word(1 + axis) for axis in range(kind.ndim)]
    strides: list[Any] = [ir.Constant(_WORD, size)]
    for length in reversed(lengths[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    array = context.make_array(kind)(context, builder)
    data = builder.inttoptr(word(0), context.get_value_type(types.CPointer(kind.dtype)))
    arrayobj.populate_array(array, data=data, shape=lengths, strides=strides, itemsize=size, meminfo=None)
    return array._getvalue()  # noqa: SLF001 (numba's way)


def bundle_of(name: str, fields: Fields) -> tuple[Bundle, Any]:
    """The type of a bundle, and the compiled function that makes one from the address of its table."""
    kind = Bundle(name, fields)

    @intrinsic
    def bundle_at(_context: Any, address: Any) -> Any:
        def cast(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            return builder.inttoptr(arguments[0], cgutils.voidptr_t)

        return kind(types.int64), cast

    return kind, bundle_at


def table_of(fields: Fields, arrays: Mapping[str, NDArray[Any]]) -> NDArray[np.int64]:
    """The table of these arrays; table and arrays must be kept for as long as the bundle is used."""
    table = np.zeros((len(fields), _WORDS), dtype=np.int64)
    for place, (name, (dtype, axes)) in enumerate(fields.items()):
        array = arrays[name]
        if array.dtype != np.dtype(dtype) or array.ndim != axes or not array.flags.c_contiguous:
            raise TypeError(f"{name} must be a contiguous array of {dtype} with {axes} axes")
        table[place, 0] = array.ctypes.data
        table[place, 1 : 1 + axes] = array.shape
    return table
