"""What a report's SQL may be: one SELECT over the views of schema `reporting`, made of what `allowed` lists.

The statement is judged as Postgres' own grammar reads it (pglast), and all that is in it has to be known to be
harmless: an unknown kind of node is refused like a forbidden one. The role `storekeeper_report` holds by itself; the
guard tells people early, and where.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from pglast import ast
from pglast.enums import SQLValueFunctionOp
from pglast.parser import ParseError, parse_sql

from include.sql_reports.query.allowed import FUNCTIONS, LONGEST_PADDING, OPERATORS, PADDING, TYPES
from include.sql_reports.query.parameters import Parameter
from include.sql_reports.query.statement import (
    Problem,
    RejectedError,
    Statement,
    message_of,
    offset_of,
    read_statement,
)

__all__ = ["CheckedStatement", "Problem", "RejectedError", "check"]

SCHEMA = "reporting"
MOST_PROBLEMS = 20
# Values, and what only holds other nodes together: their parts are looked at one by one.
HARMLESS = (
    *(ast.SelectStmt, ast.WithClause, ast.CommonTableExpr, ast.CTESearchClause, ast.CTECycleClause),
    *(ast.ResTarget, ast.ColumnRef, ast.A_Star, ast.Alias, ast.JoinExpr, ast.RangeSubselect, ast.RangeFunction),
    *(ast.A_Const, ast.Integer, ast.Float, ast.String, ast.Boolean, ast.BitString),
    *(ast.BoolExpr, ast.NullTest, ast.BooleanTest, ast.CaseExpr, ast.CaseWhen, ast.CoalesceExpr, ast.MinMaxExpr),
    *(ast.A_ArrayExpr, ast.A_Indices, ast.A_Indirection, ast.RowExpr, ast.NamedArgExpr, ast.CollateClause),
    *(ast.WindowDef, ast.GroupingSet, ast.GroupingFunc, ast.TypeCast, ast.ColumnDef),
)
MOMENTS = {
    SQLValueFunctionOp[f"SVFOP_{name}"]
    for name in (
        *("CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIME_N", "CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP_N"),
        *("LOCALTIME", "LOCALTIME_N", "LOCALTIMESTAMP", "LOCALTIMESTAMP_N"),
    )
}
REFUSED = {
    "IntoClause": "SELECT INTO makes a table; a report only reads",
    "LockingClause": "FOR UPDATE and its like lock rows; a report only reads",
    "InsertStmt": "INSERT changes data; a report only reads",
    "UpdateStmt": "UPDATE changes data; a report only reads",
    "DeleteStmt": "DELETE changes data; a report only reads",
    "MergeStmt": "MERGE changes data; a report only reads",
    "ParamRef": "A parameter is written as :name and declared with the report",
    "XmlExpr": "XML is not available in reports",
    "XmlSerialize": "XML is not available in reports",
    "RangeTableFunc": "XMLTABLE is not available in reports",
    "JsonTable": "JSON_TABLE is not available in reports; jsonb_to_recordset and jsonb_path_query are",
    "RangeTableSample": "TABLESAMPLE is not available: the views of reporting cannot be sampled",
}


class CheckedStatement(Statement):
    """One that `check` has let pass."""


def check(sql: str, parameters: Sequence[Parameter] = ()) -> CheckedStatement:
    """
    :raises RejectedError: with what is wrong and where; at most `MOST_PROBLEMS`.
    """
    statement = read_statement(sql, parameters)
    problems = [statement.problem(message, offset) for message, offset in _Judge(statement).problems()]
    used = {parameter.name for parameter in statement.parameters}
    problems += [
        Problem(f"The parameter :{parameter.name} is declared but stands nowhere in the SQL", 1, 1)
        for parameter in parameters
        if parameter.name not in used
    ]
    if problems:
        raise RejectedError(problems[:MOST_PROBLEMS])
    return CheckedStatement(**vars(statement))


class _Judge:
    """Looks at every node of a statement once; at each with the offset of the nearest node that has one."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.reads = statement.reads
        self.judgements: dict[type[ast.Node], Callable[[Any], Iterable[str]]] = {
            ast.RangeVar: self.relation,
            ast.FuncCall: self.function,
            ast.SQLValueFunction: self.moment,
            ast.TypeName: self.type_name,
            ast.A_Expr: lambda node: self.operator(node.name),
            ast.SubLink: lambda node: self.operator(node.operName),
            ast.SortBy: lambda node: self.operator(node.useOp),
        }

    def problems(self) -> Iterator[tuple[str, int]]:
        try:
            parsed = parse_sql(self.statement.text)
        except ParseError as error:
            offset = offset_of(error, self.statement.text)
            yield "A parameter cannot stand here" if self.statement.is_ours(offset) else message_of(error), offset
            return
        if not parsed:
            yield "There is no statement here", 0
            return
        for surplus in parsed[1:]:
            yield "A report is one statement; this is another", self.first_word(surplus.stmt_location)
        stack: list[tuple[Any, int]] = [(parsed[0].stmt, self.first_word(parsed[0].stmt_location))]
        if not isinstance(parsed[0].stmt, ast.SelectStmt):
            name = type(parsed[0].stmt).__name__
            yield REFUSED.get(name, "A report is a SELECT (or WITH … SELECT, or VALUES)"), stack[0][1]
            return
        while stack:
            node, offset = stack.pop()
            if isinstance(node, tuple):
                stack += [(each, offset) for each in reversed(node)]
            elif isinstance(node, ast.Node):
                # By its own place, not by that of what it stands in: `AT LOCAL` makes a call that has none.
                if isinstance(node, ast.FuncCall) and node.location in self.reads:
                    continue
                offset = self.place(node, offset)
                refusals = [(message, offset) for message in self.judge(node)]
                yield from refusals
                # What stands in something refused needs no second word.
                if not refusals or type(node) in self.judgements:
                    stack += [(getattr(node, name), offset) for name in reversed(list(node))]

    def place(self, node: Any, around: int) -> int:
        """The node's own offset, or that of what it stands in."""
        placed = node.rel if isinstance(node, ast.IntoClause) else node
        location: int | None = getattr(placed, "location", None)
        return around if location is None or location < 0 else location

    def judge(self, node: ast.Node) -> Iterable[str]:
        kind = type(node)
        if kind in self.judgements:
            return self.judgements[kind](node)
        if kind in HARMLESS:
            return ()
        return [REFUSED.get(kind.__name__, f"This is not available in reports ({kind.__name__})")]

    def relation(self, node: Any) -> Iterator[str]:
        schema, name = node.schemaname, node.relname
        if node.catalogname is not None:
            yield f"A report reads views of schema {SCHEMA}; leave “{node.catalogname}.” out"
        elif schema not in (None, SCHEMA):
            yield f"A report reads views of schema {SCHEMA} only, not of {schema}"
        elif schema is None and name.startswith("pg_"):
            yield f"A report reads views of schema {SCHEMA} only, not {name}"

    def function(self, node: Any) -> Iterator[str]:
        *schemas, name = (part.sval for part in node.funcname)
        if schemas == [SCHEMA]:
            return
        if schemas not in ([], ["pg_catalog"]) or name not in FUNCTIONS:
            yield f"The function {'.'.join([*schemas, name])} is not available in reports"
        elif name in PADDING and not self.is_small(node.args):
            yield f"{name} needs its length as a number of at most {LONGEST_PADDING:,}"

    def is_small(self, arguments: Any) -> bool:
        length = arguments[1] if arguments and len(arguments) > 1 else None
        value = length.val if isinstance(length, ast.A_Const) else None
        return isinstance(value, ast.Integer) and (value.ival or 0) <= LONGEST_PADDING

    def moment(self, node: Any) -> Iterator[str]:
        if node.op not in MOMENTS:
            yield "Who and where the session is is not available in reports"

    def type_name(self, node: Any) -> Iterator[str]:
        *schemas, name = (part.sval for part in node.names)
        if schemas not in ([], ["pg_catalog"]) or name not in TYPES or node.pct_type or node.setof:
            yield f"The type {'.'.join([*schemas, name])} is not available in reports"

    def operator(self, names: Any) -> Iterator[str]:
        if not names:
            return
        *schemas, name = (part.sval for part in names)
        if schemas not in ([], ["pg_catalog"]) or name not in OPERATORS:
            yield f"The operator {'.'.join([*schemas, name])} is not available in reports"

    def first_word(self, offset: int | None) -> int:
        """pglast counts what stands before a statement to it."""
        before, text = offset or 0, self.statement.text[offset or 0 :]
        return before + len(text) - len(text.lstrip())
