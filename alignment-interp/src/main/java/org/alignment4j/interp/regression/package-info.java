/** Fits of small convex models on rows of activations, in double precision. */
@NullMarked
package org.alignment4j.interp.regression;

import org.jspecify.annotations.NullMarked;
