/** Templates that dress up a request, as data, and the benchmark of their success. */
@NullMarked
package org.alignment4j.eval.redteam.jailbreak;

import org.jspecify.annotations.NullMarked;
