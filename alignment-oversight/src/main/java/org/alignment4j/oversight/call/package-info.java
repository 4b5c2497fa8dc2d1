/**
 * Calls of models by role: kept in a journal before they count, summed by role, and refused when a
 * budget has no room for them.
 */
@NullMarked
package org.alignment4j.oversight.call;

import org.jspecify.annotations.NullMarked;
