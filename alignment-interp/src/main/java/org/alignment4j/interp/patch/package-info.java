/**
 * What causes what: ablations, activation patching over any axes of any hook point, attribution
 * patching by gradients, and direct path patching between heads, as interventions and runs of any
 * hooked model.
 */
@NullMarked
package org.alignment4j.interp.patch;

import org.jspecify.annotations.NullMarked;
