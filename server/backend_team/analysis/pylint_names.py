"""The names that pylint's messages have in comments, by their codes; `# pylint: disable=` takes either."""

from __future__ import annotations

from typing import Final

_TABLE: Final = """
c0103 invalid-name              c0105 typevar-name-incorrect-variance  c0112 empty-docstring
c0114 missing-module-docstring  c0115 missing-class-docstring          c0116 missing-function-docstring
c0117 unnecessary-negation      c0121 singleton-comparison             c0123 unidiomatic-typecheck
c0200 consider-using-enumerate  c0201 consider-iterating-dictionary    c0202 bad-classmethod-argument
c0203 bad-mcs-method-argument   c0204 bad-mcs-classmethod-argument     c0205 single-string-used-for-slots
c0206 consider-using-dict-items c0207 use-maxsplit-arg                 c0208 use-sequence-for-iteration
c0209 consider-using-f-string   c0301 line-too-long                    c0302 too-many-lines
c0303 trailing-whitespace       c0304 missing-final-newline            c0321 multiple-statements
c0325 superfluous-parens        c0410 multiple-imports                 c0411 wrong-import-order
c0412 ungrouped-imports         c0413 wrong-import-position            c0414 useless-import-alias
c0415 import-outside-toplevel   c0501 consider-using-any-or-all        c1802 use-implicit-booleaness-not-len
c1803 use-implicit-booleaness-not-comparison                           c2801 unnecessary-dunder-call
c3001 unnecessary-lambda-assignment  c3002 unnecessary-direct-lambda-call
e0100 init-is-generator         e0101 return-in-init                   e0102 function-redefined
e0103 not-in-loop               e0104 return-outside-function          e0105 yield-outside-function
e0107 nonexistent-operator      e0108 duplicate-argument-name          e0110 abstract-class-instantiated
e0115 nonlocal-and-global       e0117 nonlocal-without-binding         e0118 used-prior-global-declaration
e0119 misplaced-format-function e0202 method-hidden                    e0203 access-member-before-definition
e0211 no-method-argument        e0213 no-self-argument                 e0237 assigning-non-slot
e0241 duplicate-bases           e0301 non-iterator-returned            e0302 unexpected-special-method-signature
e0401 import-error              e0402 relative-beyond-top-level        e0601 used-before-assignment
e0602 undefined-variable        e0603 undefined-all-variable           e0604 invalid-all-object
e0605 invalid-all-format        e0611 no-name-in-module                e0643 potential-index-error
e0701 bad-except-order          e0702 raising-bad-type                 e0704 misplaced-bare-raise
e0710 raising-non-exception     e0711 notimplemented-raised            e0712 catching-non-exception
e1003 bad-super-call            e1101 no-member                        e1102 not-callable
e1111 assignment-from-no-return e1120 no-value-for-parameter           e1121 too-many-function-args
e1123 unexpected-keyword-arg    e1128 assignment-from-none             e1136 unsubscriptable-object
e1205 logging-too-many-args     e1206 logging-too-few-args             e1300 bad-format-character
e1305 too-many-format-args      e1306 too-few-format-args              e1307 bad-string-format-type
e1310 bad-str-strip-call        e1507 invalid-envvar-value             e1519 singledispatch-method
e4702 modified-iterating-dict   e4703 modified-iterating-set
r0022 useless-option-value      r0123 literal-comparison               r0124 comparison-with-itself
r0133 comparison-of-constants   r0202 no-classmethod-decorator         r0203 no-staticmethod-decorator
r0205 useless-object-inheritance r0206 property-with-parameters        r0401 cyclic-import
r0402 consider-using-from-import r0801 duplicate-code                  r0901 too-many-ancestors
r0902 too-many-instance-attributes r0903 too-few-public-methods        r0904 too-many-public-methods
r0911 too-many-return-statements r0912 too-many-branches               r0913 too-many-arguments
r0914 too-many-locals           r0915 too-many-statements              r0916 too-many-boolean-expressions
r0917 too-many-positional-arguments r1260 too-complex                  r1701 consider-merging-isinstance
r1702 too-many-nested-blocks    r1703 simplifiable-if-statement        r1704 redefined-argument-from-local
r1705 no-else-return            r1706 consider-using-ternary           r1707 trailing-comma-tuple
r1708 stop-iteration-return     r1709 simplify-boolean-expression      r1710 inconsistent-return-statements
r1711 useless-return            r1712 consider-swap-variables          r1713 consider-using-join
r1714 consider-using-in         r1715 consider-using-get               r1716 chained-comparison
r1717 consider-using-dict-comprehension                                r1718 consider-using-set-comprehension
r1719 simplifiable-if-expression r1720 no-else-raise                   r1721 unnecessary-comprehension
r1722 consider-using-sys-exit   r1723 no-else-break                    r1724 no-else-continue
r1725 super-with-arguments      r1726 simplifiable-condition           r1727 condition-evals-to-constant
r1728 consider-using-generator  r1729 use-a-generator                  r1730 consider-using-min-builtin
r1731 consider-using-max-builtin r1732 consider-using-with             r1733 unnecessary-dict-index-lookup
r1734 use-list-literal          r1735 use-dict-literal                 r1736 unnecessary-list-index-lookup
r1737 use-yield-from            r2004 magic-value-comparison           r2044 empty-comment
r5501 else-if-used              r5601 confusing-consecutive-elif       r6003 consider-alternative-union-syntax
r6101 consider-refactoring-into-while-condition                        r6103 consider-using-assignment-expr
r6104 consider-using-augmented-assign r6201 use-set-for-membership     r6202 consider-using-tuple
r6301 no-self-use
w0101 unreachable               w0102 dangerous-default-value          w0104 pointless-statement
w0105 pointless-string-statement w0106 expression-not-assigned         w0107 unnecessary-pass
w0108 unnecessary-lambda        w0109 duplicate-key                    w0120 useless-else-on-loop
w0122 exec-used                 w0123 eval-used                        w0124 confusing-with-statement
w0125 using-constant-test       w0126 missing-parentheses-for-call-in-test
w0127 self-assigning-variable   w0128 redeclared-assigned-name         w0129 assert-on-string-literal
w0130 duplicate-value           w0131 named-expr-without-context       w0133 pointless-exception-statement
w0134 return-in-finally         w0135 contextmanager-generator-missing-cleanup
w0136 continue-in-finally       w0137 break-in-finally                 w0143 comparison-with-callable
w0149 while-used                w0150 lost-exception                   w0160 consider-ternary-expression
w0177 nan-comparison            w0199 assert-on-tuple                  w0201 attribute-defined-outside-init
w0211 bad-staticmethod-argument w0212 protected-access                 w0221 arguments-differ
w0222 signature-differs         w0223 abstract-method                  w0231 super-init-not-called
w0233 non-parent-init-called    w0235 useless-parent-delegation        w0238 unused-private-member
w0244 redefined-slots-in-subclass w0245 super-without-brackets         w0246 useless-parent-delegation
w0301 unnecessary-semicolon     w0311 bad-indentation                  w0401 wildcard-import
w0404 reimported                w0406 import-self                      w0410 misplaced-future
w0416 shadowed-import           w0511 fixme                            w0601 global-variable-undefined
w0602 global-variable-not-assigned w0603 global-statement              w0604 global-at-module-level
w0611 unused-import             w0612 unused-variable                  w0613 unused-argument
w0614 unused-wildcard-import    w0621 redefined-outer-name             w0622 redefined-builtin
w0631 undefined-loop-variable   w0632 unbalanced-tuple-unpacking       w0640 cell-var-from-loop
w0641 possibly-unused-variable  w0642 self-cls-assignment              w0702 bare-except
w0705 duplicate-except          w0706 try-except-raise                 w0707 raise-missing-from
w0711 binary-op-exception       w0715 raising-format-tuple             w0716 wrong-exception-operation
w0718 broad-exception-caught    w0719 broad-exception-raised           w1113 keyword-arg-before-vararg
w1114 arguments-out-of-order    w1116 isinstance-second-argument-not-valid-type
w1201 logging-not-lazy          w1202 logging-format-interpolation     w1203 logging-fstring-interpolation
w1300 bad-format-string-key     w1301 unused-format-string-key         w1303 missing-format-argument-key
w1304 unused-format-string-argument w1308 duplicate-string-formatting-argument
w1309 f-string-without-interpolation w1310 format-string-without-interpolation
w1401 anomalous-backslash-in-string w1404 implicit-str-concat          w1405 inconsistent-quotes
w1406 redundant-u-string-prefix w1501 bad-open-mode                    w1502 boolean-datetime
w1503 redundant-unittest-assert w1506 bad-thread-instantiation         w1507 shallow-copy-environ
w1508 invalid-envvar-default    w1509 subprocess-popen-preexec-fn      w1510 subprocess-run-check
w1514 unspecified-encoding      w1515 forgotten-debug-statement        w1518 method-cache-max-size-none
w2101 useless-with-lock         w2301 unnecessary-ellipsis             w2402 non-ascii-file-name
w2901 redefined-loop-name       w3101 missing-timeout                  w3301 nested-min-max
w3601 bad-chained-comparison    w4701 modified-iterating-list          w4901 deprecated-module
w4902 deprecated-method         w4903 deprecated-argument              w4904 deprecated-class
w4905 deprecated-decorator
"""
_WORDS: Final = _TABLE.split()
PYLINT_NAMES: Final = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))
