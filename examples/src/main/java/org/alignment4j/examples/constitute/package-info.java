/** Constitutional AI from end to end on the pocket model, with AI feedback alone. */
@NullMarked
package org.alignment4j.examples.constitute;

import org.jspecify.annotations.NullMarked;
