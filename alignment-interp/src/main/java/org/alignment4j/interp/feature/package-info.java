/**
 * Sparse autoencoders and transcoders in use: features of activations, files in SAELens' layout,
 * metrics, edits of a model's features, and dashboards that show what a feature responds to.
 */
@NullMarked
package org.alignment4j.interp.feature;

import org.jspecify.annotations.NullMarked;
