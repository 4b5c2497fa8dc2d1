/** Methods of alignment side by side on one model, one world and one budget. */
@NullMarked
package org.alignment4j.examples.compare;

import org.jspecify.annotations.NullMarked;
