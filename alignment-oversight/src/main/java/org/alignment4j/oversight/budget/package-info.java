/** A budget as it is used up, step by step. */
@NullMarked
package org.alignment4j.oversight.budget;

import org.jspecify.annotations.NullMarked;
