/** What every part shares: the root of the failure family, cancellation and progress. */
@NullMarked
package org.alignment4j.api;

import org.jspecify.annotations.NullMarked;
