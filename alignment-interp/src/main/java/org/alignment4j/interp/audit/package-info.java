/**
 * Inner alignment audited from inside: whether activations tell true statements from false ones,
 * and whether a model asserts what they say, each with controls that tell how sure it is.
 */
@NullMarked
package org.alignment4j.interp.audit;

import org.jspecify.annotations.NullMarked;
