/** What every use of a decoder shares: compiled graphs, bound weights and token batches. */
@NullMarked
package org.alignment4j.runtime.engine;

import org.jspecify.annotations.NullMarked;
