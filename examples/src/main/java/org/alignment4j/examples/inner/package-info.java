/** Inner alignment of agents in grid worlds and of the pocket model, and the report about it. */
@NullMarked
package org.alignment4j.examples.inner;

import org.jspecify.annotations.NullMarked;
