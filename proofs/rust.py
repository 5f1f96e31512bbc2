# SPDX-License-Identifier: GPL-2.0
"""As much of the Rust language as the scalar arithmetic is written in: makes
trees of functions and constants.

A tree is a tuple of what it is, its parts, and its text as the last part.
"""

import re

TOKEN = re.compile(r"""\s*(?:
    (?P<number>0x[0-9a-f_]+|\d[\d_]*)(?:_?(?:u8|u32|u64|u128|usize))? |
    (?P<name>'?[A-Za-z_]\w*) |
    (?P<sign>::|->|=>|\.\.|<<|>>|&&|\|\||==|!=|<=|>=|[^\s\w])
)""", re.X)

# From what binds least.
LEVELS = [["||"], ["&&"], ["==", "!=", "<", ">", "<=", ">="], ["|"], ["^"], ["&"], ["<<", ">>"],
          ["+", "-"], ["*", "/", "%"]]


class Syntax(Exception):
    """Something in the source that this does not understand."""


class Function:
    def __init__(self, name, owner, parameters, body):
        self.name = name
        self.owner = owner
        self.parameters = parameters
        # Parsed when it is needed: the others may have more of the language.
        self.body = body


def tokens(text):
    text = re.sub(r"//[^\n]*", "", text)
    found = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise Syntax(f"at {text[at:at + 20]}")
        if match["number"]:
            found.append(int(match["number"].replace("_", ""), 0))
        else:
            found.append(match["name"] or match["sign"])
        at = match.end()
    return found


class Parser:
    def __init__(self, found):
        self.found = found
        self.at = 0

    def peek(self, ahead=0):
        at = self.at + ahead
        return self.found[at] if at < len(self.found) else None

    def next(self):
        self.at += 1
        return self.found[self.at - 1]

    def accept(self, *those):
        if self.peek() in those and not isinstance(self.peek(), int):
            return self.next()
        return None

    def expect(self, that):
        if self.next() != that:
            raise Syntax(f"no {that} before {self.found[self.at - 1:self.at + 10]}")

    def text(self, start):
        return "".join(map(str, self.found[start : self.at]))

    def skip_group(self):
        """Skips brackets and all that is in them."""
        depth = 0
        while True:
            token = self.next()
            depth += token in ("(", "[", "{") if isinstance(token, str) else 0
            depth -= token in (")", "]", "}") if isinstance(token, str) else 0
            if not depth:
                return

    # Items.

    def items(self, owner=None):
        """Functions and constants, by owner and name."""
        all_of_it = {}
        while self.peek() is not None and self.peek() != "}":
            token = self.next()
            if token == "impl":
                while self.peek() != "{":
                    name = self.next()
                self.next()
                all_of_it.update(self.items(name))
                self.expect("}")
            elif token == "fn":
                function = self.function(owner)
                all_of_it[owner, function.name] = function
            elif token == "const" and self.peek(1) == ":":
                name = self.next()
                start = self.at
                while not self.accept(";"):
                    self.skip_group()
                # Parsed when it is needed, as bodies of functions are.
                all_of_it[owner, name] = self.found[start : self.at]
            elif token in ("{", "(", "["):
                self.at -= 1
                self.skip_group()
        return all_of_it

    def function(self, owner):
        name = self.next()
        while self.peek() != "(":
            self.next()
        self.next()
        parameters = []
        while not self.accept(")"):
            while self.accept("&", "mut"):
                pass
            parameters.append(self.pattern())
            if self.accept(":"):
                self.type((",", ")"))
            self.accept(",")
        while self.peek() != "{":
            self.next()
        start = self.at
        self.skip_group()
        return Function(name, owner, parameters, self.found[start : self.at])

    def constant(self):
        name = self.next()
        self.expect(":")
        self.type(("=",))
        self.expect("=")
        tree = self.expression()
        self.expect(";")
        return name, tree

    def type(self, ends):
        """Skips a type."""
        start = self.at
        while self.peek() not in ends:
            if self.peek() in ("(", "[", "{"):
                self.skip_group()
            else:
                self.next()
        return self.text(start)

    # Statements.

    def block(self):
        self.expect("{")
        statements = []
        while not self.accept("}"):
            if self.accept("const"):
                statements.append(("let", *self.constant()))
            elif self.accept("let"):
                pattern = self.pattern()
                if self.accept(":"):
                    self.type(("=",))
                self.expect("=")
                statements.append(("let", pattern, self.expression()))
                self.expect(";")
            else:
                value = self.expression()
                if self.accept("="):
                    statements.append(("set", value, self.expression()))
                else:
                    statements.append(("value", value))
                self.accept(";")
        return statements

    def pattern(self):
        self.accept("mut")
        closing = {"[": "]", "(": ")"}.get(self.peek())
        if not closing:
            return self.next()
        self.next()
        parts = []
        while not self.accept(closing):
            parts.append(self.pattern())
            self.accept(",")
        return parts

    # Expressions.

    def expression(self, level=0):
        if level == len(LEVELS):
            return self.cast()
        start = self.at
        left = self.expression(level + 1)
        while True:
            sign = self.accept(*LEVELS[level])
            if not sign:
                return left
            left = ("binary", sign, left, self.expression(level + 1), self.text(start))

    def cast(self):
        start = self.at
        value = self.unary()
        while self.accept("as"):
            value = ("cast", value, self.next(), self.text(start))
        return value

    def unary(self):
        start = self.at
        sign = self.accept("!", "-", "*", "&")
        if sign:
            while self.accept("mut"):
                pass
            return ("unary", sign, self.unary(), self.text(start))
        return self.postfix()

    def postfix(self):
        start = self.at
        value = self.primary()
        while True:
            if self.accept("."):
                name = self.next()
                if self.accept("("):
                    value = ("method", value, name, self.several(")"), self.text(start))
                else:
                    value = ("field", value, name, self.text(start))
            elif self.accept("("):
                value = ("call", value, self.several(")"), self.text(start))
            elif self.accept("["):
                value = ("index", value, self.expression(), self.text(start))
                self.expect("]")
            else:
                return value

    def several(self, end):
        """Expressions with commas between them."""
        parts = []
        while not self.accept(end):
            parts.append(self.expression())
            self.accept(",")
        return parts

    def primary(self):
        start = self.at
        token = self.next()
        if isinstance(token, int):
            return ("number", token, str(token))
        if token == "(":
            parts = self.several(")")
            if len(parts) == 1 and self.found[self.at - 2] != ",":
                return parts[0]
            return ("tuple", parts, self.text(start))
        if token == "[":
            return ("array", self.several("]"), self.text(start))
        if token == "|":
            pattern = self.pattern()
            if self.accept(":"):
                self.type(("|",))
            self.expect("|")
            return ("closure", pattern, self.expression(), self.text(start))
        if not re.match(r"[A-Za-z_]", token):
            raise Syntax(f"an expression that begins with {token}")
        path = [token]
        while self.accept("::"):
            path.append(self.next())
        if self.peek() == "{" and path[-1][0].isupper() and self.peek(2) in (":", ",", "}"):
            return self.structure(path[-1], start)
        return ("path", path, self.text(start))

    def structure(self, name, start):
        self.expect("{")
        fields = {}
        while not self.accept("}"):
            field = self.next()
            if self.accept(":"):
                fields[field] = self.expression()
            else:
                fields[field] = ("path", [field], field)
            self.accept(",")
        return ("structure", name, fields, self.text(start))


def items(text):
    return Parser(tokens(text)).items()
