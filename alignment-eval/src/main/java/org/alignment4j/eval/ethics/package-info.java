/** ETHICS: five subsets from their official files, by row and by group of rows. */
@NullMarked
package org.alignment4j.eval.ethics;

import org.jspecify.annotations.NullMarked;
