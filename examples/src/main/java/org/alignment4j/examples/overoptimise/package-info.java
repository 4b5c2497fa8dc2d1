/**
 * Overoptimisation on the pocket model: a reward model of few pairs is maximised, and the world's
 * own judgement tells what becomes of the replies.
 */
@NullMarked
package org.alignment4j.examples.overoptimise;

import org.jspecify.annotations.NullMarked;
