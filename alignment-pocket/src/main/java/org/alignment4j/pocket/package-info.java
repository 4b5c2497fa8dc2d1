/** A generated micro-world whose truth is known, and the small model trained on it. */
@NullMarked
package org.alignment4j.pocket;

import org.jspecify.annotations.NullMarked;
