/**
 * Feedback that nobody gave: preferences from an assumed order of who answers, demonstrations that
 * a reward model picks, and labels of steps from what they lead to.
 */
@NullMarked
package org.alignment4j.rlhf.synthetic;

import org.jspecify.annotations.NullMarked;
