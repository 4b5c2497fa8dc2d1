/**
 * Models made of several by arithmetic on their weights: rewarded soups, task arithmetic, TIES,
 * DARE and spherical interpolation.
 */
@NullMarked
package org.alignment4j.rlhf.merge;

import org.jspecify.annotations.NullMarked;
