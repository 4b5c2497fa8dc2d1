/**
 * What attention heads do, told from their patterns: previous-token, duplicate-token and induction
 * heads after Olsson et al. 2022, on any model with hook points.
 */
@NullMarked
package org.alignment4j.interp.head;

import org.jspecify.annotations.NullMarked;
