package org.alignment4j.runtime.tokenizer.template;

import java.util.List;
import java.util.Map;

/**
 * The parameters of a macro.
 *
 * @param defaults default expressions by parameter name
 * @param varargs whether the body reads {@code varargs}, so that extra positional arguments are
 *     legal
 * @param kwargs whether the body reads {@code kwargs}, so that unknown named arguments are legal
 * @param caller whether the body reads {@code caller}
 */
record Signature(
    String name,
    List<String> parameters,
    Map<String, Expr> defaults,
    boolean varargs,
    boolean kwargs,
    boolean caller) {}
