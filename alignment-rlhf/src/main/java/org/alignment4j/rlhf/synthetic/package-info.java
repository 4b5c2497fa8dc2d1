/**
 * Feedback that nobody gave: preferences from an assumed order of who answers, and demonstrations
 * that a reward model picks.
 */
@NullMarked
package org.alignment4j.rlhf.synthetic;

import org.jspecify.annotations.NullMarked;
