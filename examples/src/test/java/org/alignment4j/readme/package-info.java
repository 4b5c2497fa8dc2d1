/** The code shown in the README, compiled and run. */
@NullMarked
package org.alignment4j.readme;

import org.jspecify.annotations.NullMarked;
