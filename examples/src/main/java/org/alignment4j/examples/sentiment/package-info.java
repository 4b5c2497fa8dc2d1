/**
 * A sentiment objective on a real model: a lexicon is the truth, a reward model learned from it
 * ranks replies, and preference training follows the reward model.
 */
@NullMarked
package org.alignment4j.examples.sentiment;

import org.jspecify.annotations.NullMarked;
