# SPDX-License-Identifier: GPL-2.0
"""Runs Rust functions on bounds or on numbers.

Types only matter for how wide a number is. A wrapping operation has to be exact,
a shift left and a cast must not lose bits, and what `|` puts together must not
overlap; but for what `LOSES` says.
"""

from domains import need, ones
from rust import Function, Parser, Syntax

WIDTHS = {"u8": 8, "u32": 32, "u64": 64, "u128": 128, "usize": 64, "bool": 1}

# What loses bits on purpose: function, expression, and where they are.
LOSES = {
    ("from_limbs", "x3<<78"): "x3 >> 50",
    ("from_limbs", "x4<<104"): "x4 >> 24",
    ("fold", "u128::from(top)<<126"): "top >> 2",
    ("tag", "reduced.wrapping_add(join(s.0[0],s.0[1]))"): "tags are modulo 2^128",
    ("tag", "u128::from(h2.wrapping_add(u64::from(carry))>>2).wrapping_neg()"): "a mask of 0 or 1",
}


class Value:
    """Numbers up to `most` with no other bits than `bits`; `exact` if there is one."""

    def __init__(self, type_, most, bits=None, exact=None):
        self.type = type_
        self.bits = ones(most) if bits is None else bits & ones(most)
        self.most = min(most, self.bits)
        self.exact = exact


def exact(type_, number):
    return Value(type_, number, number, number)


class Structure:
    def __init__(self, name, fields):
        self.name = name
        self.fields = fields


class Program:
    def __init__(self, items, proof):
        self.items = items
        # Whether bits must not be lost.
        self.proof = proof
        # The most that variables of functions had.
        self.seen = {}
        self.called = set()

    def call(self, owner, name, *args):
        function = self.items.get((owner, name))
        if not isinstance(function, Function):
            raise Syntax(f"no function {owner}::{name}")
        self.called.add((owner, name))
        scope = {"Self": owner, "fn": name}
        for pattern, arg in zip(function.parameters, args, strict=True):
            self.bind(scope, pattern, arg)
        return self.block(Parser(function.body).block(), scope)

    def block(self, statements, scope):
        result = None
        for statement in statements:
            if statement[0] == "let":
                self.bind(scope, statement[1], self.value(statement[2], scope))
            elif statement[0] == "set":
                self.set(statement[1], self.value(statement[2], scope), scope)
            else:
                result = self.value(statement[1], scope)
        return result

    def bind(self, scope, pattern, value):
        if isinstance(pattern, list):
            need(len(pattern) == len(value), "a pattern of another length")
            for part, one in zip(pattern, value):
                self.bind(scope, part, one)
            return
        scope[pattern] = value
        if isinstance(value, Value):
            key = scope["fn"], pattern
            self.seen[key] = max(self.seen.get(key, 0), value.most)

    def set(self, place, value, scope):
        if place[0] != "field":
            raise Syntax(f"a value for {place[-1]}")
        self.value(place[1], scope).fields[place[2]] = value

    def value(self, tree, scope):
        return getattr(self, "do_" + tree[0])(tree, scope)

    def fit(self, type_, number, text, scope, bits=None, is_exact=False):
        """A result, if it is as wide as its type."""
        width = WIDTHS.get(type_, 1 << 16)
        if number >> width:
            allowed = (scope["fn"], text) in LOSES
            need(not self.proof or allowed, f"{text} may be {number:#x}: more than a {type_}")
            most = 2**width - 1
            return exact(type_, number & most) if is_exact else Value(type_, most, bits)
        return exact(type_, number) if is_exact else Value(type_, number, bits)

    # Expressions.

    def do_number(self, tree, _):
        return exact(None, tree[1])

    def do_tuple(self, tree, scope):
        return [self.value(part, scope) for part in tree[1]]

    do_array = do_tuple

    def do_path(self, tree, scope):
        path = tree[1]
        if len(path) == 1 and path[0] in scope:
            return scope[path[0]]
        constant = self.items.get((None, path[0]))
        if len(path) > 1 or constant is None or isinstance(constant, Function):
            raise Syntax(f"{tree[-1]} in {scope['fn']}")
        return self.value(Parser(path[:1] + constant).constant()[1], scope)

    def do_structure(self, tree, scope):
        return Structure(tree[1], {name: self.value(part, scope) for name, part in tree[2].items()})

    def do_field(self, tree, scope):
        return self.value(tree[1], scope).fields[tree[2]]

    def do_index(self, tree, scope):
        return self.value(tree[1], scope)[self.value(tree[2], scope).exact]

    def do_closure(self, tree, scope):
        def run(arg):
            inner = dict(scope)
            self.bind(inner, tree[1], arg)
            return self.value(tree[2], inner)

        return run

    def do_call(self, tree, scope):
        if tree[1][0] != "path":
            raise Syntax(f"a call of {tree[1][-1]}")
        path = tree[1][1]
        args = [self.value(part, scope) for part in tree[2]]
        if len(path) == 1 and callable(scope.get(path[0])):
            return scope[path[0]](*args)
        if path[-1] == "from" and path[0] in WIDTHS:
            return self.convert(path[0], args[0], tree[-1], scope)
        if path == ["u128", "from_le_bytes"]:
            return args[0]
        if path == ["load"]:
            return args[0][args[1].exact]
        owner = scope["Self"] if path[0] == "Self" else path[0]
        if len(path) == 1 and owner[0].isupper():
            return Structure(owner, dict(enumerate(args)))
        return self.call(owner if len(path) > 1 else None, path[-1], *args)

    def do_method(self, tree, scope):
        value, name = self.value(tree[1], scope), tree[2]
        if isinstance(value, list) and name == "map":
            function = tree[3][0]
            if function[0] == "path":
                return [self.convert(function[1][0], one, tree[-1], scope) for one in value]
            return [self.value(function, scope)(one) for one in value]
        args = [self.value(part, scope) for part in tree[3]]
        if isinstance(value, Structure):
            return self.call(value.name, name, value, *args)
        if name == "to_le_bytes":
            return value
        if name == "overflowing_add":
            return self.overflowing(value, args[0])
        if name == "wrapping_neg":
            if not self.proof:
                return exact(value.type, -value.exact & ones(2 ** WIDTHS[value.type] - 1))
            # All bits, or none.
            need(value.most <= 1, f"{tree[1][-1]} may be more than 1")
            return self.fit(value.type, 2 ** WIDTHS[value.type], tree[-1], scope)
        operation = {"wrapping_add": "+", "wrapping_mul": "*"}.get(name)
        if not operation:
            raise Syntax(f"the method {name}")
        return self.arithmetic(operation, value, args[0], tree[-1], scope)

    @staticmethod
    def overflowing(a, b):
        width = WIDTHS[a.type or b.type]
        total = a.most + b.most
        if a.exact is not None and b.exact is not None:
            return [exact(a.type, total & ones(2**width - 1)), exact("bool", total >> width)]
        return [Value(a.type, min(total, 2**width - 1)), Value("bool", min(total >> width, 1))]

    def convert(self, type_, value, text, scope):
        return self.fit(type_, value.most, text, scope, value.bits, value.exact is not None)

    def do_cast(self, tree, scope):
        value, type_ = self.value(tree[1], scope), tree[2]
        if value.type == "u128" and type_ == "u64" and tree[1][0] == "path":
            # The lower word of a variable: the upper one is taken by a shift.
            low = 2**64 - 1
            if value.exact is not None:
                return exact(type_, value.exact & low)
            return Value(type_, min(value.most, low), value.bits & low)
        return self.convert(type_, value, tree[-1], scope)

    def do_unary(self, tree, scope):
        value = self.value(tree[2], scope)
        if tree[1] in "*&":
            return value
        if tree[1] != "!" or value.exact is None:
            raise Syntax(tree[-1])
        # As wide as what it meets.
        return exact("not", value.exact)

    def do_binary(self, tree, scope):
        _, sign, left, right, text = tree
        return self.arithmetic(sign, self.value(left, scope), self.value(right, scope), text, scope)

    def arithmetic(self, sign, a, b, text, scope):
        type_ = a.type or (None if sign in ("<<", ">>") else b.type)
        if b.type == "not" and sign == "&":
            b = exact(type_, ~b.exact & ones(2 ** WIDTHS[type_] - 1))
        known = a.exact is not None and b.exact is not None
        if sign in ("<<", ">>"):
            need(b.exact is not None, f"{text}: how far depends on data")
            n = b.exact
            if sign == ">>":
                if known:
                    return exact(type_, a.exact >> n)
                return Value(type_, a.most >> n, a.bits >> n)
            most = (a.exact if known else a.most) << n
            return self.fit(type_, most, text, scope, a.bits << n, known)
        if sign == "|":
            need(not self.proof or not a.bits & b.bits, f"{text}: the parts overlap")
            if known:
                return exact(type_, a.exact | b.exact)
            return Value(type_, a.most + b.most, a.bits | b.bits)
        if sign in "&^":
            if known:
                return exact(type_, a.exact & b.exact if sign == "&" else a.exact ^ b.exact)
            if sign == "&":
                return Value(type_, min(a.most, b.most), a.bits & b.bits)
            return Value(type_, a.bits | b.bits)
        if sign == "-" and known:
            return exact(type_, a.exact - b.exact)
        if sign not in "+*":
            raise Syntax(text)
        most = a.most + b.most if sign == "+" else a.most * b.most
        return self.fit(type_, most, text, scope, None, known)
