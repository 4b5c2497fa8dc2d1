/** Where a model, data set, run or report comes from. */
@NullMarked
package org.alignment4j.api.provenance;

import org.jspecify.annotations.NullMarked;
