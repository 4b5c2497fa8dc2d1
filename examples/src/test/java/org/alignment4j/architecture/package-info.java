/** Rules that hold for every class of the product, each with its reason. */
@NullMarked
package org.alignment4j.architecture;

import org.jspecify.annotations.NullMarked;
