/**
 * Questions answered by way of their parts: factored cognition with recursive subquestions, and
 * checks of its steps.
 */
@NullMarked
package org.alignment4j.oversight.decompose;

import org.jspecify.annotations.NullMarked;
