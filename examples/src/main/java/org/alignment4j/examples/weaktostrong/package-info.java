/** Weak-to-strong generalisation between a small sibling of the pocket model and the model. */
@NullMarked
package org.alignment4j.examples.weaktostrong;

import org.jspecify.annotations.NullMarked;
