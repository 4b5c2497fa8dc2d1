/**
 * Benchmarks declared as data: prompt templates, few-shot examples, declaration files, and the
 * scoring of choices and generated answers.
 */
@NullMarked
package org.alignment4j.eval.declared;

import org.jspecify.annotations.NullMarked;
