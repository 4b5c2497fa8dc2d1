/**
 * The algebra of attention heads after Elhage et al. 2021: what a head compares and what it moves,
 * as products kept in two factors, and how heads of different layers compose.
 */
@NullMarked
package org.alignment4j.interp.circuit;

import org.jspecify.annotations.NullMarked;
