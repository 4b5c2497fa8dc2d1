/**
 * Optimisers, schedules, adapters and the resumable training loop. Experimental: signatures may
 * change between minor versions.
 */
@NullMarked
package org.alignment4j.runtime.train;

import org.jspecify.annotations.NullMarked;
