/** Roles that give numbers, such as the probability of a statement, from a strict form. */
@NullMarked
package org.alignment4j.oversight.forecast;

import org.jspecify.annotations.NullMarked;
