/** Evaluations as JUnit tests. */
@NullMarked
package org.alignment4j.eval.junit;

import org.jspecify.annotations.NullMarked;
