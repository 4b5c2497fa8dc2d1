/**
 * Debate as a game of showing features: two players, a judge who sees only what they show, no text.
 */
@NullMarked
package org.alignment4j.oversight.game;

import org.jspecify.annotations.NullMarked;
