/** Quotes in what players say, checked word for word against the source. */
@NullMarked
package org.alignment4j.oversight.quote;

import org.jspecify.annotations.NullMarked;
