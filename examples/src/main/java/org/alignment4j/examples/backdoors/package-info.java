/** Many small models with and without backdoors: how many of them a detector finds. */
@NullMarked
package org.alignment4j.examples.backdoors;

import org.jspecify.annotations.NullMarked;
