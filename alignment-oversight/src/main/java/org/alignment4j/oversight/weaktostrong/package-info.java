/**
 * Weak-to-strong generalisation (Burns et al. 2023): a strong model that learns from the labels of
 * a weak one, and how much of what lies between the two it recovers.
 */
@NullMarked
package org.alignment4j.oversight.weaktostrong;

import org.jspecify.annotations.NullMarked;
