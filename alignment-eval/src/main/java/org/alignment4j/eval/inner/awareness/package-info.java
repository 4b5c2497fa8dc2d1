/**
 * Situational awareness: whether a model uses what it was only told about itself, out of context,
 * and what it knows of its situation when asked.
 */
@NullMarked
package org.alignment4j.eval.inner.awareness;

import org.jspecify.annotations.NullMarked;
