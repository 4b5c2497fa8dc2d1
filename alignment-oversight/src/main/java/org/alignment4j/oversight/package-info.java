/**
 * Oversight protocols over any language model: debate, constitutions, decomposition and their
 * measured benefit.
 */
@NullMarked
package org.alignment4j.oversight;

import org.jspecify.annotations.NullMarked;
