"""A linear or mixed-integer program for HiGHS, put together row by row, and its answer with the proven bound."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from tellonce.kernel.later import Later
from tellonce.lab.rostering.errors import NoRosterError
from tellonce.lab.rostering.terms import Effort

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Terms = Iterable[tuple[int, float]]
_TOLERANCE = 1e-6
_sparse = Later("scipy.sparse")


@dataclass(frozen=True, slots=True)
class Answer:
    """Values of the columns, their cost, and the proven bound that no cost is below."""

    values: Floats
    cost: float
    bound: float


@dataclass(frozen=True, slots=True)
class Matrix:
    """A program as arrays: minimise cost @ x, low <= x <= high, row_low <= rows @ x <= row_high, some x whole."""

    cost: Floats
    low: Floats
    high: Floats
    whole: Bools
    rows: Any  # a sparse array by rows
    row_low: Floats
    row_high: Floats

    def where(self, free: Bools, values: Floats) -> "Matrix":
        """The program of the free columns, all others held at `values`; rows without a free column are left out."""
        mine = self.rows[:, free]
        kept = np.diff(mine.indptr) > 0
        held = np.where(free, 0.0, values)
        moved = (self.rows @ held)[kept]
        return Matrix(
            self.cost[free], self.low[free], self.high[free], self.whole[free], mine[kept],
            self.row_low[kept] - moved, self.row_high[kept] - moved,
        )  # fmt: skip


@dataclass(slots=True)
class Program:
    """Columns with cost and bounds, each of a numbered part of the program; rows are sparse sums."""

    parts: list[int] = field(default_factory=list)
    _columns: list[tuple[float, float, bool]] = field(default_factory=list)
    _starts: list[int] = field(default_factory=lambda: [0])
    _index: list[int] = field(default_factory=list)
    _value: list[float] = field(default_factory=list)
    _sides: list[tuple[float, float]] = field(default_factory=list)

    def column(self, *, part: int, cost: float = 0.0, high: float = np.inf, whole: bool = False) -> int:
        """Adds a column from 0 to `high` and gives its number."""
        self.parts.append(part)
        self._columns.append((cost, high, whole))
        return len(self._columns) - 1

    def row(self, *terms: Terms, low: float, high: float) -> None:
        """Adds low <= the sum of all terms <= high; a column stands in it once."""
        for each in terms:
            for column, value in each:
                self._index.append(column)
                self._value.append(value)
        self._starts.append(len(self._index))
        self._sides.append((low, high))

    def matrix(self) -> Matrix:
        """The program as arrays."""
        cost, high, whole = (np.array(each) for each in zip(*self._columns, strict=True))
        shape = (len(self._sides), len(self._columns))
        entries = (np.array(self._value), np.array(self._index, dtype=np.int32), np.array(self._starts, dtype=np.int32))
        sides = np.array(self._sides, dtype=np.float64).reshape(-1, 2)
        rows = _sparse.csr_array(entries, shape=shape)
        return Matrix(cost, np.zeros(len(cost)), high, whole.astype(bool), rows, sides[:, 0], sides[:, 1])


def times(columns: Iterable[int], factor: float) -> list[tuple[int, float]]:
    """The columns, each with the same factor."""
    return [(column, factor) for column in columns]


def solve(
    matrix: Matrix,
    effort: Effort,
    *,
    relaxed: bool = False,
    begin_with: Floats | None = None,
    stopped: Callable[[], bool] | None = None,
) -> Answer:
    """The best answer found within the effort; relaxed leaves out that columns are whole.

    Raises:
        NoRosterError: nothing keeps all rows ("impossible"), or nothing was found in time ("stopped").
    """
    solver = _solver(matrix, effort, relaxed=relaxed)
    if begin_with is not None:
        solution = highspy.HighsSolution()
        solution.col_value = begin_with
        solver.setSolution(solution)
    if stopped is not None:
        solver.cbMipInterrupt.subscribe(lambda event: event.interrupt() if stopped() else None)
    solver.run()
    _check_status(solver, relaxed=relaxed)
    info = solver.getInfo()
    values = np.array(solver.getSolution().col_value)
    cost = float(info.objective_function_value)
    bound = cost if relaxed or not matrix.whole.any() else float(info.mip_dual_bound)
    return Answer(values if relaxed else np.where(matrix.whole, np.round(values), values), cost, bound)


def _check_status(solver: Any, *, relaxed: bool) -> None:
    info, status = solver.getInfo(), solver.getModelStatus()
    if status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
        raise NoRosterError("impossible", "No week of all people keeps all rules at once.")
    is_done = status == highspy.HighsModelStatus.kOptimal
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible or (relaxed and not is_done):
        raise NoRosterError("stopped", "No roster was found in the time given; give it more.")


class Relaxation:
    """A program of which no column has to be whole; solved again from its last answer when columns are raised.

    `wasted` counts the steps of the simplex method for raises that were taken back.
    """

    def __init__(self, matrix: Matrix, effort: Effort) -> None:
        self._solver = _solver(matrix, effort, relaxed=True)
        self._high = matrix.high
        self.wasted = 0

    def solve(self, *, seconds: float) -> Answer:
        """The least cost and its values.

        Raises:
            NoRosterError: nothing keeps all rows ("impossible"), or the seconds ran out ("stopped").
        """
        self._solver.setOptionValue("time_limit", self._solver.getRunTime() + max(seconds, 0.01))
        self._solver.run()
        _check_status(self._solver, relaxed=True)
        cost = float(self._solver.getInfo().objective_function_value)
        return Answer(np.array(self._solver.getSolution().col_value), cost, cost)

    def raised(self, columns: list[int], lows: tuple[Floats, Floats], *, seconds: float, worth: float) -> Answer | None:
        """The answer with the columns' least values raised from the first lows to the second.

        None where it would cost more than it is worth or the seconds ran out: then they are as before.
        """
        basis = self._solver.getBasis()
        self._solver.setOptionValue("solver", "simplex")
        self._solver.setOptionValue("objective_bound", worth)
        self._bound(columns, lows[1])
        try:
            answer = self.solve(seconds=seconds)
        except NoRosterError:
            answer = None
        if answer is None or answer.cost > worth:
            self.wasted += int(self._solver.getInfo().simplex_iteration_count)
            self._bound(columns, lows[0])
            self._solver.setBasis(basis)
            return None
        return answer

    def _bound(self, columns: list[int], lows: Floats) -> None:
        for column in columns:
            self._solver.changeColBounds(column, float(lows[column]), float(self._high[column]))


class _QuietHighs(highspy.Highs):
    """Its constructor enables callbacks, and that greets on standard output unless output was switched off before."""

    def enableCallbacks(self) -> None:  # noqa: N802 (HiGHS's name)
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def _solver(matrix: Matrix, effort: Effort, *, relaxed: bool) -> Any:
    solver: Any = _QuietHighs()  # type: ignore[no-untyped-call]
    # simplex from nothing takes minutes on a whole week, and is best on the single days of the whole-people search
    choices = {"solver": "ipx"} if relaxed else {"mip_ipm_solver": "ipx"}
    options = {
        "output_flag": False, "threads": effort.threads, "random_seed": effort.seed,
        "time_limit": max(effort.seconds, 0.01), "mip_rel_gap": effort.gap, **choices,
    }  # fmt: skip
    for name, value in options.items():
        if solver.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise RuntimeError(name)
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.rows.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = matrix.cost, matrix.low, matrix.high
    lp.row_lower_, lp.row_upper_ = matrix.row_low, matrix.row_high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.rows.indptr, matrix.rows.indices
    lp.a_matrix_.value_ = matrix.rows.data
    if not relaxed and matrix.whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(each)] for each in matrix.whole]
    solver.passModel(lp)
    return solver
