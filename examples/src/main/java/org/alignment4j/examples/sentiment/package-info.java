/**
 * A sentiment objective on a real model: a lexicon is the truth, a reward model learned from it
 * ranks or scores replies, and preference training or reinforcement learning follows it.
 */
@NullMarked
package org.alignment4j.examples.sentiment;

import org.jspecify.annotations.NullMarked;
