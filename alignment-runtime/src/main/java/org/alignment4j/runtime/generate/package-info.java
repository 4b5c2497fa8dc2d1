/** Sampling and cached, batched generation. */
@NullMarked
package org.alignment4j.runtime.generate;

import org.jspecify.annotations.NullMarked;
