/** Human and machine preferences as data, and the reward models that score with them. */
@NullMarked
package org.alignment4j.api.reward;

import org.jspecify.annotations.NullMarked;
