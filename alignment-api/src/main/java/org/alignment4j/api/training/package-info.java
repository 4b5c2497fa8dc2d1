/** Training as other parts ask for it: a model and examples in, a new model out. */
@NullMarked
package org.alignment4j.api.training;

import org.jspecify.annotations.NullMarked;
