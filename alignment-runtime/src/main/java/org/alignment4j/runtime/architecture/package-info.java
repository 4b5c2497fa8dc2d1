/** Decoder families, read from their configuration alone, and the graphs they become. */
@NullMarked
package org.alignment4j.runtime.architecture;

import org.jspecify.annotations.NullMarked;
