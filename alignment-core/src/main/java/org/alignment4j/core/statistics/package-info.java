/** Estimates with uncertainty: no figure without its interval and its count. */
@NullMarked
package org.alignment4j.core.statistics;

import org.jspecify.annotations.NullMarked;
