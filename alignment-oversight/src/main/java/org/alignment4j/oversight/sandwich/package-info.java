/**
 * Sandwiching (Bowman et al. 2022): people who know less than a model, helped by it, between their
 * own unaided answers and those of experts.
 */
@NullMarked
package org.alignment4j.oversight.sandwich;

import org.jspecify.annotations.NullMarked;
