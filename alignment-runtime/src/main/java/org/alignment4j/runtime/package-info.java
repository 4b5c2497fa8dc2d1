/** Decoder models that generate, score, are opened, edited and trained. */
@NullMarked
package org.alignment4j.runtime;

import org.jspecify.annotations.NullMarked;
